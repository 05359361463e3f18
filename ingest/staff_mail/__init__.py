"""Staff work by mail: they reply to our notices, and the reply becomes the answer or does what it says."""
