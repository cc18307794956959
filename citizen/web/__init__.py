"""What pages share: access marks, base form, filters, errors, security headers."""
