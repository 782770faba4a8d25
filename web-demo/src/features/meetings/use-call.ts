import { useMutation } from '@tanstack/react-query';
import type { Admission, MeetingId } from '@tintype/bindings/api';
import { isApiError } from '@tintype/client';
import type { Room } from 'livekit-client';
import { useEffect, useReducer, useRef, useState } from 'react';
import { useApi } from '../../components/api';
import { type CallEnd, callEnd } from './call-end';
import { deviceProblem } from './device-problem';
import { type Livekit, loadLivekit } from './load-livekit';
import type { Devices } from './use-preview';

/** How far a device is on its way into a call. */
export type CallPhase = 'out' | 'admitting' | 'connecting' | 'signalled' | 'in' | 'reconnecting';

/** The call of a meeting, as this device is in it. */
export function useCall(meetingId: MeetingId) {
  const api = useApi();
  const admit = useMutation(api.livekit.getToken.mutationOptions());
  const readmit = useMutation(api.livekit.renewToken.mutationOptions());
  const [phase, setPhase] = useState<CallPhase>('out');
  const [room, setRoom] = useState<Room | undefined>();
  const [end, setEnd] = useState<CallEnd | undefined>();
  const [problem, setProblem] = useState<string | undefined>();
  // What is shown is read from the room, which says when it changes.
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const current = useRef<Room | undefined>(undefined);
  const identity = useRef<string | undefined>(undefined);

  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    // Whoever goes to another page leaves.
    return () => {
      isGone.current = true;
      void current.current?.disconnect();
    };
  }, []);

  const connect = async (devices: Devices, getAdmission: () => Promise<Admission>) => {
    if (phase !== 'out') return;
    setPhase('admitting');
    setEnd(undefined);
    setProblem(undefined);
    let entered: Room | undefined;
    try {
      const [livekit, admission] = await Promise.all([loadLivekit(), getAdmission()]);
      if (isGone.current) return;
      identity.current = admission.identity;
      entered = new livekit.Room({ adaptiveStream: true, dynacast: true });
      current.current = entered;
      listen(livekit, entered);
      setRoom(entered);
      setPhase('connecting');
      await entered.connect(admission.url, admission.token);
      setPhase('in');
      await turnOn(entered, devices);
    } catch (error) {
      if (entered !== undefined) {
        if (current.current === entered) close('lost');
        return;
      }
      // A pass that was not given is explained by its mutation.
      if (isApiError(error)) setPhase('out');
      else close('lost');
    }
  };

  const close = (reason: CallEnd) => {
    current.current = undefined;
    setRoom(undefined);
    setPhase('out');
    setEnd(reason);
  };

  const listen = (livekit: Livekit, room: Room) => {
    const { RoomEvent } = livekit;
    const isCurrent = () => current.current === room;
    room
      .on(RoomEvent.SignalConnected, () => isCurrent() && setPhase('signalled'))
      .on(RoomEvent.Reconnecting, () => isCurrent() && setPhase('reconnecting'))
      .on(RoomEvent.Reconnected, () => isCurrent() && setPhase('in'))
      .on(RoomEvent.Disconnected, (reason) => isCurrent() && close(callEnd(livekit, reason)));
    for (const event of [
      RoomEvent.ParticipantConnected,
      RoomEvent.ParticipantDisconnected,
      RoomEvent.ParticipantAttributesChanged,
      RoomEvent.ParticipantPermissionsChanged,
      RoomEvent.ParticipantNameChanged,
      RoomEvent.TrackSubscribed,
      RoomEvent.TrackUnsubscribed,
      RoomEvent.TrackMuted,
      RoomEvent.TrackUnmuted,
      RoomEvent.LocalTrackPublished,
      RoomEvent.LocalTrackUnpublished,
      RoomEvent.ActiveSpeakersChanged,
      RoomEvent.AudioPlaybackStatusChanged,
    ] as const) {
      room.on(event, redraw);
    }
  };

  const attempt = async (device: 'camera' | 'microphone' | 'screen', work: Promise<unknown>) => {
    setProblem(undefined);
    await work.catch((error: unknown) => setProblem(deviceProblem(device, error)));
    redraw();
  };

  const turnOn = async (room: Room, devices: Devices) => {
    const { localParticipant: me } = room;
    if (devices.camera) await attempt('camera', me.setCameraEnabled(true));
    if (devices.microphone) await attempt('microphone', me.setMicrophoneEnabled(true));
  };

  return {
    phase,
    room,
    end,
    problem,
    refusal: admit.error ?? readmit.error,
    join: (devices: Devices) => {
      readmit.reset();
      return connect(devices, () => admit.mutateAsync({ meetingId }));
    },
    /** Takes the place of the connection that was lost. */
    joinAgain: (devices: Devices) => {
      admit.reset();
      const lost = identity.current === undefined ? {} : { identity: identity.current };
      return connect(devices, () => readmit.mutateAsync({ meetingId, ...lost }));
    },
    leave: async () => {
      const left = current.current;
      close('left');
      await left?.disconnect();
    },
    toggleCamera: async () => {
      const me = room?.localParticipant;
      if (me) await attempt('camera', me.setCameraEnabled(!me.isCameraEnabled));
    },
    toggleMicrophone: async () => {
      const me = room?.localParticipant;
      if (me) await attempt('microphone', me.setMicrophoneEnabled(!me.isMicrophoneEnabled));
    },
    toggleScreen: async () => {
      const me = room?.localParticipant;
      if (me) await attempt('screen', me.setScreenShareEnabled(!me.isScreenShareEnabled));
    },
  };
}

export type Call = ReturnType<typeof useCall>;
