"""The commands, a module for each noun; a noun with many verbs has several."""
