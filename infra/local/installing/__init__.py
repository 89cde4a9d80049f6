"""What `make up` installs beside Python packages."""
