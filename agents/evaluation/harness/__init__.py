"""The harness: episodes of a suite under several conditions, played in any number of processes, kept and compared."""
