"""The face of Textwright: asks the engine; stores nothing, learns nothing."""
