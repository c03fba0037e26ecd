"""Commands: one room for each verb of the command line, loaded when it is called."""
