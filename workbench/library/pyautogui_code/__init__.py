"""Code for pyautogui as data: read with `ast`, never executed, and written from steps."""
