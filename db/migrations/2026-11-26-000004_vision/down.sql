DROP TABLE vision_frames;
