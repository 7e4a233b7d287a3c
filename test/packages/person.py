"""
A person at the desktop who reads the screen by its accessibility tree, as a screen reader does:

    person.py see ROLE NAME      waits until it is there
    person.py press ROLE NAME    does what a click does
    person.py focus ROLE NAME    puts the keyboard there
    person.py read ROLE NAME     prints the text in it
    person.py write ROLE NAME TEXT  puts TEXT in it, without the keyboard
    person.py list               all that can be read

NAME is the beginning of the accessible name. Status 1: it did not come within PATIENCE_S seconds.
"""

import os
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE_S = float(os.environ.get("PATIENCE_S", "30"))
# Reading while much changes has crashed Chromium 114: like a person, look when it has come to rest.
GLANCE_S = 1.0


def each(node, depth=0):
    if node is None or depth > 60:
        return
    yield node
    for at in range(node.get_child_count()):
        try:
            yield from each(node.get_child_at_index(at), depth + 1)
        except GLib.Error:
            continue


def facts(node):
    try:
        return node.get_role_name(), (node.get_name() or "").strip()
    except GLib.Error:
        return "", ""


def is_shown(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.SHOWING) and states.contains(Atspi.StateType.VISIBLE)


def find(role, name):
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        time.sleep(GLANCE_S)
        for node in each(Atspi.get_desktop(0)):
            found_role, found_name = facts(node)
            if found_role == role and found_name.startswith(name) and is_shown(node):
                return node
    sys.exit(f"there is no {role} “{name}” to be seen")


def main(command, role="", name="", text=""):
    if command == "list":
        for node in each(Atspi.get_desktop(0)):
            found_role, found_name = facts(node)
            if found_name:
                print(f"{found_role}: {found_name[:120]}")
        return
    node = find(role, name)
    if command == "press":
        node.get_action_iface().do_action(0)
    elif command == "focus":
        node.get_component_iface().grab_focus()
    elif command == "write":
        Atspi.EditableText.set_text_contents(node.get_editable_text_iface(), text)
    elif command == "read":
        print(Atspi.Text.get_text(node.get_text_iface(), 0, -1), end="")


main(*sys.argv[1:])
