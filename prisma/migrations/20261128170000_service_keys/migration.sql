-- Keys of services that ask what customers may use (R49). Their tokens begin with another prefix, which a server of the version before knows nothing of.
ALTER TYPE api_key_scope ADD VALUE 'SERVICE';
