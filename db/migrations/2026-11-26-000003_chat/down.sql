DROP TABLE model_policies;
DROP TABLE runs;
DROP TABLE messages;
DROP TABLE chat_sessions;
