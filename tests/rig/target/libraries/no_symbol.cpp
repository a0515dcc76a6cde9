// A library that knows nothing of packrig.
extern "C" int answer() { return 42; }
