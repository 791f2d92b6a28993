"""What managers sign: definitions over what is held, without SQL, settings or templates."""
