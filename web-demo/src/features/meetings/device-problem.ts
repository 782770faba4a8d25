/** Why a camera, a microphone or a screen cannot be used, as a sentence; nothing if the person changed their mind. */
export function deviceProblem(device: 'camera' | 'microphone' | 'screen', error: unknown) {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'PermissionDeniedError':
      // Who closes the choice of screens is refused too.
      if (device === 'screen') return undefined;
      return `The browser does not let this page use the ${device}. Allow it beside the address, then try again.`;
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return `No ${device} was found. Connect one, then try again.`;
    case 'NotReadableError':
    case 'TrackStartError':
      return `The ${device} is used by another program. Close that, then try again.`;
    default:
      return `The ${device} could not be used. Try again.`;
  }
}
