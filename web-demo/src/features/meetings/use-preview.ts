import { useEffect, useRef, useState } from 'react';
import { deviceProblem } from './device-problem';

/** What a person wants to begin with. */
export type Devices = { camera: boolean; microphone: boolean };

/** The person's own picture before they join; nothing is on until they turn it on. */
export function usePreview() {
  const [devices, setDevices] = useState<Devices>({ camera: false, microphone: false });
  const [stream, setStream] = useState<MediaStream | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  const [isBusy, setBusy] = useState(false);
  const held = useRef<MediaStream | undefined>(undefined);

  const stop = () => {
    for (const track of held.current?.getTracks() ?? []) track.stop();
    held.current = undefined;
    setStream(undefined);
  };
  useEffect(() => stop, []);

  const open = async (device: keyof Devices, constraints: MediaStreamConstraints) => {
    setBusy(true);
    setProblem(undefined);
    try {
      return await navigator.mediaDevices.getUserMedia(constraints);
    } catch (error) {
      setProblem(deviceProblem(device, error));
      return undefined;
    } finally {
      setBusy(false);
    }
  };

  const toggleCamera = async () => {
    if (devices.camera) {
      stop();
      return setDevices({ ...devices, camera: false });
    }
    const picture = await open('camera', { video: true });
    if (picture === undefined) return;
    held.current = picture;
    setStream(picture);
    setDevices((devices) => ({ ...devices, camera: true }));
  };

  const toggleMicrophone = async () => {
    if (devices.microphone) return setDevices({ ...devices, microphone: false });
    const sound = await open('microphone', { audio: true });
    if (sound === undefined) return;
    // It was only asked for; the call opens it again.
    for (const track of sound.getTracks()) track.stop();
    setDevices((devices) => ({ ...devices, microphone: true }));
  };

  return { devices, stream, problem, isBusy, toggleCamera, toggleMicrophone, stop };
}
