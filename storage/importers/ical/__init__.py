"""Calendars in the iCalendar format (RFC 5545), of which only times and titles of events are read."""
