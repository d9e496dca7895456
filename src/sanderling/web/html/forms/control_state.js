// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html
// What form controls hold besides their attributes. One class per kind of element, all fields from birth.

export class ControlState {
  constructor() {
    this.parserForm = null;        // the form that the parser had open (form element pointer), while it stays in the same tree
    this.customError = '';         // setCustomValidity()
    this.userChanged = false;      // for :user-valid and :user-invalid
    this.validity = null;          // ValidityStateImpl, once asked
    this.labels = null;            // NodeList impl, once asked
  }
}

// Where the text cursor is, in controls with text.
export class TextSelection {
  constructor() {
    this.queued = false;           // a selectionchange event is to fire
    this.start = 0;
    this.end = 0;
    this.direction = 'none';       // none forward backward
  }
}

export class InputState extends ControlState {
  constructor() {
    super();
    this.type = 'text';            // the state of the type attribute
    this.value = '';               // where the mode is `value`
    this.dirtyValue = false;
    this.checked = false;
    this.dirtyChecked = false;
    this.indeterminate = false;
    this.files = null;             // FileList impl of type=file, once asked
    this.selection = new TextSelection();
    this.userEdited = false;       // tooLong and tooShort hold only for what a user typed
    this.valueAtFocus = '';        // to fire `change`
    this.image = null;             // ImageLoadState, once it has been an image button
    this.imageX = 0;               // where an image button was clicked
    this.imageY = 0;
  }
}

export class TextAreaState extends ControlState {
  constructor() {
    super();
    this.value = '';               // raw value
    this.dirtyValue = false;
    this.selection = new TextSelection();
    this.userEdited = false;
    this.valueAtFocus = '';
  }
}

export class SelectState extends ControlState {
  constructor() {
    super();
    this.options = null;           // HTMLOptionsCollection impl
    this.selectedOptions = null;   // HTMLCollection impl
    this.hint = null;              // the option that was found selected last, so that parsing a long list need not look at all of it
  }
}

export class OptionState {
  constructor() {
    this.selected = false;         // selectedness
    this.dirty = false;
  }
}

export class OutputState extends ControlState {
  constructor() {
    super();
    this.defaultValueOverride = null;
    this.tokens = null;
  }
}

export class FormState {
  constructor() {
    this.elements = null;          // HTMLFormControlsCollection impl
    this.lockedForReset = false;
    this.constructingEntryList = false;
    this.firingSubmission = false;
    this.pastNames = null;         // SafeMap: name to element
    this.planned = null;           // the submissions that wait for their tasks, by target; null: there was none yet
    this.cachedControls = null;    // listed elements, for one state of the tree (`treeVersion`)
    this.cachedDoc = null;
    this.cachedVersion = -1;
    this.named = null;             // NamedControls: what `elements` has, made of that list
    this.namedOf = null;
    this.namedImages = null;
  }
}
