"""A control's bundle as a script for a blank page: what it exports is there by name, its default as `widget`."""

import json

from gan_edu.widgets.kit.scripts import bundle


def module(control):
    """A module script. It begins with the bundle's own import, so that what follows may use what that exports."""
    text = json.dumps(bundle(control)).replace("<", "\\u003c")
    return f"""const address = URL.createObjectURL(new Blob([{text}], {{type: "text/javascript"}}));
const {{default: ofModule, ...others}} = await import(address);
Object.assign(window, others, {{widget: ofModule}});
"""


def control_of(widget):
    """The folder of gan_edu.widgets that a control comes from."""
    return type(widget).__module__.split(".")[2]
