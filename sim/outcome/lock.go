package outcome

import "errors"

// errBusy says that another process holds a folder.
var errBusy = errors.New("is being written by another process")
