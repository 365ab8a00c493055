import { AppError, type AppErrorInfo, describeError } from '@tallylight/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Capture } from '../media/devices/capture.js';
import type { CaptureOptions } from '../media/media-engine.js';
import { CaptureController } from './capture-controller.js';

const options: CaptureOptions = {
  cameraId: 'c1',
  microphoneId: 'm1',
  width: 1280,
  height: 720,
  fps: 30,
  videoBitrate: 2_500_000,
  audioBitrate: 128_000,
  keyframeInterval: 2,
};

/** Cameras that can be open once each, as real ones. */
class FakeCameras {
  readonly open = new Set<string>();
  readonly log: string[] = [];
  readonly failing = new Set<string>();
  readonly endings = new Map<string, (error: AppErrorInfo) => void>();

  readonly openCapture = async ({ cameraId }: CaptureOptions): Promise<Capture> => {
    await Promise.resolve();
    if (this.open.size > 0 || this.failing.has(cameraId)) {
      throw new AppError(describeError('CAMERA_IN_USE', { device: cameraId }));
    }
    this.open.add(cameraId);
    this.log.push(`open ${cameraId}`);
    return {
      stream: {} as MediaStream,
      hasAudio: true,
      cameraLabel: cameraId,
      microphoneLabel: '',
      peakDb: () => -60,
      onEnded: (listener) => this.endings.set(cameraId, listener),
      close: () => {
        this.open.delete(cameraId);
        this.log.push(`close ${cameraId}`);
      },
    };
  };
}

describe('CaptureController', () => {
  let cameras: FakeCameras;
  let controller: CaptureController;

  beforeEach(() => {
    cameras = new FakeCameras();
    controller = new CaptureController({
      openCapture: cameras.openCapture,
      prepareEngine: () => undefined,
      startEngine: () => Promise.reject(new Error('not here')),
      listMediaDevices: () => Promise.resolve({ cameras: [], microphones: [] }),
      onDeviceChange: () => () => undefined,
      onPermissionChange: () => () => undefined,
    });
  });

  it('closes one camera before it opens the next, and skips what was only passed over', async () => {
    controller.want(options);
    expect((await controller.opened()).cameraLabel).toBe('c1');
    controller.want({ ...options, cameraId: 'c2' });
    controller.want({ ...options, cameraId: 'c3' });
    expect((await controller.opened()).cameraLabel).toBe('c3');
    expect(cameras.log).toEqual(['open c1', 'close c1', 'open c3']);
  });

  it('gives what is wanted in the end, also to who asked before', async () => {
    controller.want(options);
    const opened = controller.opened();
    controller.want({ ...options, cameraId: 'c2' });
    expect((await opened).cameraLabel).toBe('c2');
  });

  it('leaves the picture alone when only a bitrate changes', async () => {
    controller.want(options);
    await controller.opened();
    controller.want({ ...options, videoBitrate: 1_000_000 });
    await controller.opened();
    expect(cameras.log).toEqual(['open c1']);
  });

  it('says why a camera does not open, and opens it when it is tried again', async () => {
    cameras.failing.add('c1');
    controller.want(options);
    await expect(controller.opened()).rejects.toMatchObject({ info: { code: 'CAMERA_IN_USE' } });
    cameras.failing.clear();
    controller.retry();
    expect((await controller.opened()).cameraLabel).toBe('c1');
  });

  it('frees the camera for ffmpeg and takes it back', async () => {
    controller.want(options);
    await controller.lend();
    expect(cameras.open.size).toBe(0);
    expect(controller.store.getState().type).toBe('lent');
    controller.reclaim();
    expect((await controller.opened()).cameraLabel).toBe('c1');
  });

  it('closes a capture that ended and shows why', async () => {
    controller.want(options);
    await controller.opened();
    cameras.endings.get('c1')?.(describeError('CAMERA_NOT_FOUND', { device: 'c1' }));
    expect(controller.store.getState()).toMatchObject({
      type: 'failed',
      error: { code: 'CAMERA_NOT_FOUND' },
    });
    expect(cameras.open.size).toBe(0);
  });
});
