"""`eval desktop`: tasks on real applications, scored by what the applications and their files hold afterwards."""
