"""What a client asks of the server itself before it asks for anything else."""
