// A probe that ends as one does that was killed for taking too long: no document, no word.
process.kill(process.pid, "SIGKILL");
