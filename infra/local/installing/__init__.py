"""What `make up` installs beside Python packages: the DynamoDB engine, and Node where npm is missing."""
