"""A small recording of every format that can be imported, in the layout that its tool documents."""

import base64
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

START = 1_700_000_000.0
BOX = {"left": 10, "top": 20, "right": 60, "bottom": 40}


def png(seed: int = 0, kind: str = "PNG") -> bytes:
    """An encoded picture of 64 x 48 pixels."""
    file = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def film(path: Path, count: int = 30) -> None:
    """A video of ten frames a second."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (64, 48))
    for number in range(count):
        writer.write(np.full((48, 64, 3), 3 * number, np.uint8))
    writer.release()


def write(path: Path, *values: object) -> Path:
    """One value as JSON, several one in each line, bytes and text as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [
        v if isinstance(v, bytes) else v.encode() if isinstance(v, str) else json.dumps(v).encode() for v in values
    ]
    path.write_bytes(b"\n".join(parts) + (b"\n" if len(parts) > 1 else b""))
    return path


def agentnet(home: Path) -> Path:
    codes = ["pyautogui.click(x=0.5, y=0.25)", "pyautogui.write(message='hello')", "pyautogui.hotkey(['ctrl', 's'])",
             "pyautogui.moveTo(x=0.1, y=0.2)\npyautogui.dragTo(x=0.9, y=0.2, button='left')", "pyautogui.scroll(-3)",
             "computer.terminate(status='success')"]  # fmt: skip
    steps = [
        {"index": n, "image": f"{n}.png", "value": {"code": code, "observation": "o", "thought": "t", "action": "a"}}
        for n, code in enumerate(codes)
    ]
    for number in range(len(codes)):
        write(home / "images" / f"{number}.png", png(number))
    task = {"task_id": "t1", "instruction": "Sort it", "task_completed": True, "traj": steps}
    write(home / "some.jsonl", task, task | {"task_id": "t2"})
    return home


def osworld(home: Path) -> Path:
    codes = ["pyautogui.click(10, 25)", "pyautogui.typewrite('hello')", "pyautogui.hotkey('ctrl', 'c')", "WAIT", "DONE"]
    write(home / "initial_state.png", png(0))
    for number in range(1, len(codes) + 1):
        write(home / f"step_{number}.png", png(number))
    lines = [
        {"step_num": n, "action_timestamp": f"20260608@17001{n}500000", "action": code, "reward": 0, "done": False,
         "info": {}, "response": "I think", "screenshot_file": f"step_{n}.png"}
        for n, code in enumerate(codes, 1)
    ]  # fmt: skip
    write(home / "traj.jsonl", *lines, {"step_num": 6, "action": {"action_type": "CLICK", "x": 3, "y": 4}})
    write(home / "result.txt", "1.0\n")
    return home


def pyautogui(home: Path) -> Path:
    script = (
        'Task: Open the mail of "Ada"\nOutput Script:\npyautogui.click(12.0,22.0)\npyautogui.press("enter")\n'
        'pyautogui.write("hello")\npyautogui.hotkey("ctrl", "s")\npyautogui.moveTo(1, 2)\npyautogui.dragTo(30, 40)\n'
    )
    return write(home / "task.txt", script)


def ducktrack(home: Path) -> Path:
    begin = 5000.0

    def at(seconds: float, action: str, **fields: object) -> dict[str, object]:
        return {"time_stamp": begin + seconds, "action": action} | fields

    def click(seconds: float, x: int) -> list[dict[str, object]]:
        place = {"x": x, "y": 20, "button": "left"}
        return [at(seconds, "click", **place, pressed=True), at(seconds + 0.05, "click", **place, pressed=False)]

    def key(seconds: float, name: str) -> list[dict[str, object]]:
        return [at(seconds, "press", name=name), at(seconds + 0.04, "release", name=name)]

    events = [at(0.5, "move", x=3, y=4), *click(1.0, 20), *key(1.5, "h"), *key(1.6, "i"), *key(1.9, "enter"),
              at(2.2, "scroll", x=5, y=5, dx=0, dy=-2), *click(2.5, 40)]  # fmt: skip
    told = {"system": "Windows", "screen_width": 32, "screen_height": 24, "scroll_direction": 1,
            "start_time": "2024-03-01 10:00:00", "stop_time": "2024-03-01 10:01:00",
            "video_start_timestamp": begin}  # fmt: skip
    write(home / "metadata.json", told)
    write(home / "events.jsonl", *events)
    write(home / "top_window.jsonl", {"time_stamp": begin + 0.9, "top_window_name": "Editor"})
    film(home / "take.mp4")
    return home


def ducktrack_reduced(home: Path) -> Path:
    write(home / "metadata.json", {"system": "Windows", "screen_width": 64, "screen_height": 48})
    place = {"x": 5, "y": 6}

    def one(number: int, action: str, **fields: object) -> dict[str, object]:
        times = {"start_time": 100.0 + number, "end_time": 100.2 + number}
        return {"action": action, "event_start_idx": number, "id": number, "vis": True} | times | fields

    write(
        home / "reduced_events_complete.jsonl",
        one(1, "click", click_type=1, button="left", pressed=True, coordinate=place,
            target={"control_type": "ButtonControl", "title": "Go", "mark": True}),
        one(2, "type", key_names=["h", "i", "enter"]),
        one(3, "drag", button="left", coordinate=place, drag_trace=[[5, 6], [9, 9], [20, 9]]),
        one(4, "scroll", trace=[place | {"dx": 0, "dy": -1}]),
    )  # fmt: skip
    return home


SCHEMA = """
CREATE TABLE recording (id INTEGER PRIMARY KEY, timestamp NUMERIC(10,2), monitor_width INTEGER, monitor_height INTEGER,
    pixel_ratio FLOAT, platform VARCHAR, task_description VARCHAR, video_start_time NUMERIC(10,2), config JSON);
CREATE TABLE action_event (id INTEGER PRIMARY KEY, name VARCHAR, timestamp NUMERIC(10,2), recording_timestamp NUMERIC,
    recording_id INTEGER, screenshot_id INTEGER, browser_event_id INTEGER, mouse_x NUMERIC, mouse_y NUMERIC,
    mouse_dx NUMERIC, mouse_dy NUMERIC, mouse_button_name VARCHAR, mouse_pressed BOOLEAN, key_name VARCHAR,
    key_char VARCHAR, key_vk VARCHAR, element_state JSON, structural_observation JSON, disabled BOOLEAN);
CREATE TABLE window_event (id INTEGER PRIMARY KEY, recording_id INTEGER, timestamp NUMERIC(10,2), state JSON,
    title VARCHAR, "left" INTEGER, top INTEGER, width INTEGER, height INTEGER, window_id VARCHAR);
CREATE TABLE screenshot (id INTEGER PRIMARY KEY, recording_id INTEGER, timestamp NUMERIC(10,2), png_data BLOB);
"""


def openadapt(home: Path) -> Path:
    home.mkdir(parents=True)
    path = home / "recording.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(SCHEMA)

        def row(table: str, **values: object) -> None:
            names = ", ".join(f'"{name}"' for name in values)
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", [*values.values()])

        def act(at: float, name: str, **values: object) -> None:
            row("action_event", timestamp=START + at, recording_id=1, recording_timestamp=START, name=name, **values)

        row("recording", id=1, timestamp=START, monitor_width=64, monitor_height=48, platform="win32",
            pixel_ratio=1.0, task_description="Add a client", config='{"pixel_ratio": 1.0}')  # fmt: skip
        row("window_event", recording_id=1, timestamp=START, title="Clients", left=1, top=2, width=30, height=20)
        for at in (0.5, 1.9, 5.0):
            row("screenshot", recording_id=1, timestamp=START + at, png_data=png(round(at)))
        state = json.dumps({"role": "button", "name": "Save", "rect": BOX})
        for late, pressed in ((0, True), (0.05, False)):
            act(1 + late, "click", mouse_x=20.5, mouse_y=30, mouse_button_name="left", mouse_pressed=pressed,
                element_state=state)  # fmt: skip
        for at, char in ((2.0, "h"), (2.2, "i")):
            act(at, "press", key_char=char)
            act(at + 0.05, "release", key_char=char)
        act(3.0, "scroll", mouse_x=9, mouse_y=9, mouse_dx=0, mouse_dy=-3)
    return home


def aloha(home: Path) -> Path:
    screen = {"0": {"x0": 0, "y0": 0, "width": 64, "height": 48, "scale_factor": 1.0}}
    head = {"video_start_time": "2025-09-12 08:54:17.500", "screen_info": screen}
    said = ["Initial Active Window: chrome.exe - New Tab", "LClick at (10, 20)", "LRelease at (10, 20)",
            "Key Press: H", "Key Release: H", "Hotkey: CTRL+C", "Key Release: C", "Key Release: CTRL",
            "ScrollDown at (30, 40)", "DragStart at (10, 10)", "DragMove at (20, 10)",
            "LDragEnd at (40, 10)"]  # fmt: skip
    rows = [{"timestamp": f"00:00:{1 + n / 10:06.3f}", "message": m, "window": "a.exe - A"} for n, m in enumerate(said)]
    lines = ["# Input Recording Log", "# Started: then", f"# Metadata: {json.dumps(head)}", "# Format: JSON", ""]
    write(home / "input_log.txt", *lines, *rows)
    film(home / "screen.mp4")
    return home


def aloha_trace(home: Path) -> Path:
    caption = {"observation": "a page", "think": "go on", "action": "Click Go", "expectation": "it goes"}
    steps = [{"step_idx": n, "caption": caption} for n in (1, 2)]
    return write(home / "shop_trace.json", {"trajectory": steps})


def _demonstration() -> dict[str, object]:
    def node(tag: str, *children: object, **fields: object) -> dict[str, object]:
        return {"tag": tag, "left": 1, "top": 2, "width": 30, "height": 10, "children": list(children), "ref": 1,
                "classes": ""} | fields  # fmt: skip

    field = node("INPUT_text", value="x", text="", focused=True, recordingTarget=True)
    page = node("BODY", field, node("BUTTON", text="Submit"))
    acts = [{"type": kind, "x": 5, "y": 6} for kind in ("mousedown", "mouseup", "click")]
    acts += [{"type": kind, "keyCode": 72, "charCode": char} for kind, char in
             (("keydown", 0), ("keypress", 104), ("keyup", 0))]  # fmt: skip
    states: list[object] = [{"time": 1, "action": None, "dom": page}]
    for number, act in enumerate(acts):
        states += [{"time": 500 + 80 * number, "action": act | {"timing": t}, "dom": page} for t in (1, 3)]
    return {"taskName": "enter", "utterance": "Enter h", "reward": 1, "rawReward": 1, "states": states}


def miniwob_demos(home: Path) -> Path:
    return write(home / "demo.json", _demonstration())


def miniwob_demos_packed(home: Path) -> Path:
    return write(home / "demo.json.gz", gzip.compress(json.dumps(_demonstration()).encode()))


def openadapt_evals(home: Path) -> Path:
    page = (
        "# Execution Trace: Open a thing\n\n### Step 0 (Reset)\n![Reset](step_00_reset.png)\n\n### Step 1\n"
        "**Planner**: Click the button\n**Grounder**: [250, 500, 350, 700] (the button)\n![Step 1](step_01.png)\n\n"
        "### Step 2\n**Planner**: press Ctrl+A\n**Action**: `pyautogui.hotkey('ctrl', 'a')` (select all)\n"
    )
    for number, name in enumerate(("step_00_reset.png", "step_01.png", "step_02.png")):
        write(home / name, png(number))
    write(home / "README.md", page)
    return home


def ui_tars(home: Path) -> Path:
    acts = [("click", {"start_box": "[0.25,0.5,0.75,0.5]"}), ("type", {"content": "hello\n"}),
            ("hotkey", {"key": "ctrl c"}), ("drag", {"start_box": "[0,0,1,1]", "end_box": "[1,1,1,1]"}),
            ("scroll", {"direction": "down", "start_box": "(0.5,0.5)"}), ("finished", {"content": "42"})]  # fmt: skip
    talk: list[object] = [{"from": "human", "value": "Open it"}]
    for number, (kind, inputs) in enumerate(acts):
        shot = base64.b64encode(png(number)).decode()
        context = {"size": {"width": 64, "height": 48}, "scaleFactor": 1}
        timing = {"start": 1e12 + number * 1000, "end": 1e12 + number * 1000 + 500, "cost": 500}
        parsed = {"action_type": kind, "action_inputs": inputs, "thought": "t", "reflection": None}
        talk += [
            {"from": "human", "value": "<image>", "screenshotBase64": shot, "screenshotContext": context},
            {"from": "gpt", "value": "…", "predictionParsed": [parsed], "timing": timing},
        ]
    whole = {"version": "v1", "instruction": "Open it", "status": "end", "logTime": 1e12, "conversations": talk}
    dump = f'<script type="ui_tars_web_dump" type="application/json">{json.dumps(whole)}\n</script>'
    return write(home / "report.html", f"<!doctype html><html>{dump}</html>")


def cua(home: Path) -> Path:
    folder = home / "2026-01-02_model_101112_ab12"
    write(folder / "metadata.json", {"trajectory_id": folder.name, "created_at": "138000000000000000",
                                     "status": "completed", "kwargs": {"messages": "Do it"}})  # fmt: skip
    calls = [{"type": "click", "x": 5, "y": 6, "button": "left"}, {"type": "type", "text": "hi"},
             {"type": "keypress", "keys": ["ctrl", "c"]}, {"type": "scroll", "x": 1, "y": 2, "scroll_y": 100},
             {"type": "drag", "path": [{"x": 1, "y": 1}, {"x": 9, "y": 9}]}]  # fmt: skip
    for number, call in enumerate(calls):
        thought = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "t"}]}
        output = [thought, {"type": "computer_call", "action": call}]
        before, after = folder / f"turn_{2 * number:03d}", folder / f"turn_{2 * number + 1:03d}"
        write(before / f"{4 * number:04d}_agent_response.json", {"response": {"output": output}})
        write(after / f"{4 * number + 1:04d}_screenshot_after.png", png(number))
        item = {"type": "computer_call", "action": call}
        write(after / f"{4 * number + 2:04d}_computer_call_result.json",
              {"item": item, "created_at": str(138000000000000000 + number * 10**7)})  # fmt: skip
    return folder


def cua_session(home: Path) -> Path:
    folder = home / "box" / "20260102-101112"
    calls = [{"type": "screenshot"}, {"type": "click", "x": 5, "y": 6}, {"type": "type", "text": "hi"}]
    for number, call in enumerate(calls, 1):
        turn = f"turn_{number:03d}"
        output = [{"type": "computer_call", "call_id": "c", "action": call, "status": "completed"}]
        response = {"id": "r", "created_at": 10**9 + number, "output": output}
        write(folder / turn / f"{turn}_agent_response.json", {"model": "cua-cli", "response": response})
        write(folder / turn / "screenshot.png", png(number))
    return folder


def cua_driver(home: Path) -> Path:
    tree = '- AXApplication "Notes"\n  - [0] AXWindow "A note"\n    - [1] AXButton "Save" [actions=[press]]\n'
    calls = [("click", {"x": 5, "y": 6}), ("type_text", {"text": "hi"}), ("hotkey", {"keys": ["cmd", "c"]}),
             ("scroll", {"direction": "down", "amount": 3}), ("click", {"element_index": 1})]  # fmt: skip
    place = {"click_point": {"x": 30.4, "y": 40}}
    for number, (tool, arguments) in enumerate(calls, 1):
        turn = home / f"turn-{number:05d}"
        write(turn / "action.json", {"tool": tool, "arguments": {"pid": 7, "window_id": 8} | arguments,
                                     "result_summary": "ok",
                                     "timestamp": f"2001-09-09T01:46:{40 + number}Z"} | place)  # fmt: skip
        write(turn / "before.png", png(number))
        write(turn / "after.png", png(number + 1))
        write(turn / "before_state.json", {"tree_markdown": tree, "element_count": 2})
    write(home / "session.json", {"schema_version": 1})
    return home


def browser_use(home: Path) -> Path:
    element = {"node_name": "INPUT", "attributes": {"type": "text"}, "ax_name": "User",
               "bounds": {"x": 10, "y": 20, "width": 30, "height": 10}}  # fmt: skip
    acts: list[dict[str, object]] = [
        {"navigate": {"url": "https://a.example"}}, {"click": {"index": 3}},
        {"input": {"index": 3, "text": "Ada", "clear": True}}, {"send_keys": {"keys": "Control+a"}},
        {"scroll": {"down": True, "pages": 1.0}}, {"done": {"text": "done", "success": True}},
    ]  # fmt: skip
    turns = []
    for number, act in enumerate(acts, 1):
        state = {"url": "https://shop.example/", "title": "Shop", "tabs": [], "interacted_element": [element],
                 "screenshot_path": f"/data/screenshots/step_{number}.png"}  # fmt: skip
        output = {"thinking": "hm", "next_goal": "goal", "memory": "m", "action": [act]}
        times = {"step_start_time": 1e9 + 10 * number, "step_end_time": 1e9 + 10 * number + 4, "step_number": number}
        turns.append({"model_output": output, "result": [{"is_done": False}], "state": state, "metadata": times})
        write(home / "screenshots" / f"step_{number}.png", png(number))
    write(home / "history.json", {"history": turns})
    return home


def playwright_codegen(home: Path) -> Path:
    save = {"selector": 'internal:role=button[name="Save"i]',
            "locator": {"kind": "role", "body": "button", "options": {"name": "Save"}}}  # fmt: skip
    user = {"selector": "internal:label='User'",
            "locator": {"kind": "label", "body": "User", "options": {}, "next": save["locator"]}}  # fmt: skip
    acts: list[dict[str, object]] = [
        {"name": "openPage", "url": "about:blank"}, {"name": "navigate", "url": "https://a.example"},
        {"name": "click", "button": "left", "modifiers": 0, "clickCount": 1} | save,
        {"name": "fill", "text": "Ada"} | user, {"name": "press", "key": "Enter", "modifiers": 2} | user,
        {"name": "assertText", "text": "Saved", "substring": True} | save, {"name": "select", "options": ["a"]} | user,
    ]  # fmt: skip
    header = {"browserName": "chromium", "launchOptions": {"headless": False}, "contextOptions": {}}
    lines = (
        json.dumps(one, separators=(",", ":"))
        for one in (header, *(act | {"signals": [], "pageGuid": "page@1"} for act in acts))
    )
    return write(home / "recorded.jsonl", *lines)


def pc_tracker(home: Path) -> Path:
    acts = ["click (1, 2)", "right click (3, 4)", "press (10, 20)", "drag to (30, 40)", "scroll (0, -3)",
            "press key enter", "hotkey (ctrl, S)", "type text: hello", "wait", "finish"]  # fmt: skip
    lines = []
    for number, act in enumerate(acts, 1):
        write(home / "screenshot" / f"{number}.png", png(number))
        lines.append({"timestamp": f"2024-11-26_16:15:{number:02}", "action": act,
                      "screenshot": f"screenshot\\{number}.png", "element": "Start", "rect": BOX})  # fmt: skip
    write(home / "free_task_20241126_161501.jsonl", *lines)
    return home


def screenagent(home: Path) -> Path:
    place = {"width": 10, "height": 20}
    acts = [
        [{"action_type": "MouseAction", "mouse_action_type": "click", "mouse_button": "left", "mouse_position": place}],
        [{"action_type": "KeyboardAction", "keyboard_action_type": "press", "keyboard_key": "Return"}],
        [{"action_type": "KeyboardAction", "keyboard_action_type": "text", "keyboard_text": "hello"}],
        [{"action_type": "PlanAction", "element": "do it"}, {"action_type": "WaitAction", "wait_time": 1.5}],
        [{"action_type": "EvaluateSubTaskAction", "situation": "sub_task_success", "advice": "ok"}],
    ]
    folder = home / "session1"
    for number, actions in enumerate(acts):
        name = f"2023-12-25_10-51-{number:02}-500000"
        write(folder / "images" / f"{name}.jpg", png(number, "JPEG"))
        said = '```json\n["click"]\n```'
        write(folder / f"{name}_translate.json", {
            "task_prompt": "Öffne das Spiel", "task_prompt_en": "Open the game", "LLM_response": said,
            "LLM_response_editer": said, "video_width": 64, "video_height": 48, "saved_image_name": f"{name}.jpg",
            "actions": actions})  # fmt: skip
    return folder


def openadapt_flow(home: Path) -> Path:
    events: list[dict[str, object]] = [
        {"kind": "click", "x": 1, "y": 2, "structural": {"role": "button", "name": "Open", "window_name": "P"}},
        {"kind": "drag", "x": 7, "y": 8, "end_x": 30, "end_y": 20}, {"kind": "type", "text": "x", "param": "note"},
        {"kind": "key", "key": "Control+a"}, {"kind": "scroll", "dx": -30, "dy": 400},
    ]  # fmt: skip
    for number in range(len(events)):
        write(home / "frames" / f"{number:04d}_before.png", png(number))
        write(home / "frames" / f"{number:04d}_after.png", png(number + 1))
    write(home / "events.jsonl", *({"i": n, "t": n + 0.5} | event for n, event in enumerate(events)))
    write(
        home / "meta.json", {"viewport": [64, 48], "created_at": "2026-07-08T16:48:10.5+00:00", "params": {"note": "x"}}
    )
    return home


def openadapt_flow_bundle(home: Path) -> Path:
    anchor = {"template": "templates/one.png", "region": [10, 5, 40, 20], "click_point": [12, 6],
              "landmarks": [{"ocr_text": "Patients", "region": [1, 2, 30, 10]}]}  # fmt: skip
    steps = [
        {"id": "a", "intent": "click 'Sign In'", "action": "click", "anchor": anchor,
         "expect": [{"kind": "text_present", "text": "Welcome"}]},
        {"id": "b", "intent": "type", "action": "type", "param": "note", "anchor": anchor},
        {"id": "c", "intent": "press", "action": "key", "key": "Enter"},
    ]  # fmt: skip
    write(home / "templates" / "one.png", png(1))
    write(home / "workflow.json", {"schema_version": 1, "name": "Triage", "recording_id": "r", "viewport": [64, 48],
                                   "params": {"note": "x"}, "secret_params": [], "steps": steps})  # fmt: skip
    return home


def _report() -> bytes:
    level = '<Level BoundingRectangle="9,4,60,24" ControlType="UIA_ButtonControlTypeId" Name="Save"/>'
    words = [('User left click on "Save (button)" in "Notepad"', "Mouse Left Click"),
             ("User keyboard input [Enter]", "Keyboard Input"),
             ('User mouse wheel down on "List (list)"', "Mouse Wheel")]  # fmt: skip
    acts = "".join(
        f'<EachAction ActionNumber="{n}" Time="15:42:{n:02}" Pid="7" FileName="NOTEPAD.EXE"><Description>{said}'
        f"</Description><Action>{kind}</Action><CursorCoordsXY>10,5</CursorCoordsXY><ScreenCoordsXYWH>0,0,64,48"
        f"</ScreenCoordsXYWH><UIAStack>{level}</UIAStack><ScreenshotFileName>screenshot{n:04}.JPEG"
        f"</ScreenshotFileName></EachAction>"
        for n, (said, kind) in enumerate(words, 1)
    )
    session = f'<RecordSession SessionID="1" ActionCount="3" MissedActionCount="0">{acts}</RecordSession>'
    data = f"<Report><UserActionData>{session}</UserActionData></Report>"
    html = f'<html><script id="myXML" type="text/xml">{data}</script></html>'
    lines = ["From: <Saved by Windows>", "Date: Tue, 26 Nov 2024 16:15:17 +0100", "MIME-Version: 1.0",
             'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="----=_Next"', "", "Words.",
             "------=_Next", 'Content-Type: text/html; charset="utf-8"', "Content-Transfer-Encoding: 8bit",
             "Content-Location: main.htm", "", html]  # fmt: skip
    for number in (1, 2, 3):
        picture = base64.encodebytes(png(number, "JPEG")).decode()
        lines += ["------=_Next", "Content-Type: image/jpeg", "Content-Transfer-Encoding: base64",
                  f"Content-Location: screenshot{number:04}.JPEG", "", picture]  # fmt: skip
    return "\r\n".join([*lines, "------=_Next--", ""]).encode()


def steps_recorder(home: Path) -> Path:
    return write(home / "Recording.mht", _report())


def steps_recorder_packed(home: Path) -> Path:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Recording.mht", _report())
    return write(home / "report.zip", file.getvalue())


BUILT: dict[str, tuple[Callable[[Path], Path], ...]] = {
    "ducktrack": (ducktrack, ducktrack_reduced),
    "openadapt": (openadapt,),
    "aloha": (aloha, aloha_trace),
    "miniwob-demos": (miniwob_demos, miniwob_demos_packed),
    "agentnet": (agentnet,),
    "osworld": (osworld,),
    "openadapt-evals": (openadapt_evals,),
    "ui-tars": (ui_tars,),
    "cua": (cua, cua_session, cua_driver),
    "browser-use": (browser_use,),
    "playwright-codegen": (playwright_codegen,),
    "pc-tracker": (pc_tracker,),
    "screenagent": (screenagent,),
    "openadapt-flow": (openadapt_flow, openadapt_flow_bundle),
    "steps-recorder": (steps_recorder, steps_recorder_packed),
    "pyautogui": (pyautogui,),
}
"""What builds a recording of each format in a folder and says where it is."""

REAL = {
    "aloha": "aloha",
    "miniwob-demos": "miniwob_demos/clean-demos",
    "openadapt-evals": "winshots",
    "pc-tracker": "pc_tracker",
    "screenagent": "screenagent",
    "openadapt-flow": "openadapt_flow",
}
"""Where recordings that others made are in a folder of samples."""
