//! Reads and changes the EI_OSABI byte of objects, archives and images.
