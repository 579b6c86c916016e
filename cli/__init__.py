"""The command `moej`: the hand on the switch."""
