import { describe, expect, test } from '@jest/globals';
import { helpText, parseOptions } from './parseOptions.ts';

describe('the options of the command line', () => {
  test('flags take their value after a space or an equals sign, switches may stand alone', () => {
    const { options } = parseOptions(['--http-port', '3000', '--db=/data', '--start-standard-projections'], {});
    expect(options).toEqual({ port: 3000, directory: '/data', startsStandardProjections: true, isSecure: false });
  });

  test('the environment gives the same options, and a flag wins over it', () => {
    const environment = {
      EVENTSTORE_HTTP_PORT: '1',
      EVENTSTORE_RUN_PROJECTIONS: 'ALL',
      EVENTSTORE_MAX_APPEND_SIZE: '9',
    };
    const { options } = parseOptions(['--http-port', '2'], environment);
    expect(options).toMatchObject({ port: 2, projections: 'all', maxAppendBytes: 9 });
  });

  test('in memory wins over a directory, as on the real server', () => {
    expect(parseOptions(['--db', '/data', '--mem-db'], {}).options.directory).toBeUndefined();
    expect(parseOptions(['--db', '/data', '--mem-db', 'false'], {}).options.directory).toBe('/data');
  });

  test('an unknown flag is refused, naming the nearest', () => {
    expect(() => parseOptions(['--htp-port', '1'], {})).toThrow(
      'unknown option --htp-port, the nearest is --http-port',
    );
  });

  test('every problem is named at once', () => {
    expect(() =>
      parseOptions(['--http-port', 'x', '--insecure=maybe', 'what', '--run-projections', 'some'], {}),
    ).toThrow(
      "'what' is not an option: options start with --; --http-port is a whole number, not 'x'; " +
        "--insecure is true or false, not 'maybe'; --run-projections is one of None, System, All, not 'some'",
    );
  });

  test('a flag at the end without its value is refused', () => {
    expect(() => parseOptions(['--db'], {})).toThrow('--db needs a value');
  });

  test('security needs a certificate', () => {
    expect(() => parseOptions(['--insecure=false'], {})).toThrow('--certificate-file');
  });

  test('settings of the real server without effect here are taken with a note', () => {
    const { notes } = parseOptions(['--int-tcp-port', '1112'], {
      EVENTSTORE_CLUSTER_SIZE: '1',
      EVENTSTORE_HTP_PORT: '5',
      EVENTSTORE_URL: 'esdb://elsewhere',
    });
    expect(notes).toEqual([
      'EVENTSTORE_CLUSTER_SIZE has no effect on this server',
      'EVENTSTORE_HTP_PORT is not an option, the nearest is http-port',
      '--int-tcp-port has no effect on this server',
    ]);
  });

  test('help is an option, and names every other', () => {
    expect(parseOptions(['--help'], {}).notes).toEqual([]);
    expect(helpText()).toContain('--start-standard-projections');
  });
});
