"""The dashboard (`client/dashboard`) as files: building them, and the headers that they are served with."""
