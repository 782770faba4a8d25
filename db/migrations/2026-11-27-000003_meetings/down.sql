DROP TABLE meeting_events;
DROP TABLE meeting_standings;
DROP TABLE meeting_participants;
DROP TABLE meetings;
