// Files may wait on this phone for their turn, so the scripts of such a page are there before anybody touches it.

document.querySelector("form[data-upload]").dispatchEvent(new Event("focusin"));
