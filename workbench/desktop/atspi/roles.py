"""The numbers of the AT-SPI protocol and what they mean: roles, states, relations.

The tables follow the order of `AtspiRole` and `AtspiStateType` in the at-spi2-core reference. Names are fixed here
because toolkits and versions spell some of them differently ("push button" became "button").
"""

_ROLES = (
    "invalid,accelerator label,alert,animation,arrow,calendar,canvas,check box,check menu item,color chooser,"
    "column header,combo box,date editor,desktop icon,desktop frame,dial,dialog,directory pane,drawing area,"
    "file chooser,filler,focus traversable,font chooser,frame,glass pane,html container,icon,image,internal frame,"
    "label,layered pane,list,list item,menu,menu bar,menu item,option pane,page tab,page tab list,panel,"
    "password text,popup menu,progress bar,push button,radio button,radio menu item,root pane,row header,scroll bar,"
    "scroll pane,separator,slider,spin button,split pane,status bar,table,table cell,table column header,"
    "table row header,tearoff menu item,terminal,text,toggle button,tool bar,tool tip,tree,tree table,unknown,"
    "viewport,window,extended,header,footer,paragraph,ruler,application,autocomplete,editbar,embedded,entry,chart,"
    "caption,document frame,heading,page,section,redundant object,form,link,input method window,table row,tree item,"
    "document spreadsheet,document presentation,document text,document web,document email,comment,list box,grouping,"
    "image map,notification,info bar,level bar,title bar,block quote,audio,video,definition,article,landmark,log,"
    "marquee,math,rating,timer,static,math fraction,math root,subscript,superscript,description list,"
    "description term,description value,footnote,content deletion,content insertion,mark,suggestion,"
    "push button menu,switch"
)

_STATES = (
    "invalid,active,armed,busy,checked,collapsed,defunct,editable,enabled,expandable,expanded,focusable,focused,"
    "has-tooltip,horizontal,iconified,modal,multi-line,multiselectable,opaque,pressed,resizable,selectable,selected,"
    "sensitive,showing,single-line,stale,transient,vertical,visible,manages-descendants,indeterminate,required,"
    "truncated,animated,invalid-entry,supports-autocompletion,selectable-text,is-default,visited,checkable,has-popup,"
    "read-only"
)

ROLE_NAMES = tuple(_ROLES.split(","))
"""The name of every role, by its number."""

STATE_NAMES = tuple(_STATES.split(","))
"""The name of every state, by its bit."""

_ROLE_NUMBERS = {name: number for number, name in enumerate(ROLE_NAMES)}

LABELLED_BY = 2
"""The relation from a field to what labels it."""

APPLICATION = "application"
PASSWORD = "password text"  # noqa: S105 - the name of a role

POPUP_MENU = "popup menu"

MENU_ITEMS = ("menu item", "check menu item", "radio menu item", "tearoff menu item", "menu")
"""What stands in a menu that is open; GTK shows menus in windows of which accessibility says nothing."""

TEXT_HOLDERS = frozenset(
    ("text", "entry", "terminal", "document text", "spin button", "combo box", "editbar", "autocomplete")
)
"""Roles whose text is worth reading even where it cannot be edited."""

NUMBER_HOLDERS = frozenset(("slider", "spin button", "progress bar", "scroll bar", "dial", "level bar", "rating"))
"""Roles that have a number for a value."""

LABELLED = (
    TEXT_HOLDERS | NUMBER_HOLDERS | {PASSWORD, "check box", "radio button", "toggle button", "list box", "switch"}
)
"""Roles whose meaning stands in a label beside them."""


def role_name(number: int) -> str:
    """The name of a role; `unknown` for a number that this table does not have yet."""
    return ROLE_NAMES[number] if 0 <= number < len(ROLE_NAMES) else "unknown"


def role_number(name: str) -> int | None:
    """The number of a role; None when there is no role of that name."""
    return _ROLE_NUMBERS.get(name)


def state_names(words: list[int]) -> tuple[str, ...]:
    """The sorted names of the states that are set in the two 32-bit words of the protocol."""
    bits = sum(word << (32 * place) for place, word in enumerate(words))
    return tuple(sorted(name for place, name in enumerate(STATE_NAMES) if bits >> place & 1))


def state_words(*names: str) -> list[int]:
    """The two 32-bit words in which these states are set."""
    bits = sum(1 << STATE_NAMES.index(name) for name in names)
    return _words(bits, 2)


def role_words(*names: str) -> list[int]:
    """The five 32-bit words in which these roles are set; raises KeyError for a role there is not."""
    return _words(sum(1 << _ROLE_NUMBERS[name] for name in names), 5)


def _words(bits: int, count: int) -> list[int]:
    # the protocol carries them as signed numbers
    unsigned = [bits >> (32 * place) & 0xFFFFFFFF for place in range(count)]
    return [word - (1 << 32) if word >= 1 << 31 else word for word in unsigned]
