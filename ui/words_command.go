package ui

// commandWords are the texts of the command line.
var commandWords = map[string]text{}
