/** Answers commands of the parent process: `{ id, name, input }` in, `{ id, output | error }` out. */
export function serveCommands(commands) {
  process.on('message', async ({ id, name, input }) => {
    try {
      process.send({ id, output: await commands[name](input) })
    } catch (error) {
      process.send({ id, error: String(error.stack ?? error) })
    }
  })
  // Whoever started it is gone: nothing left to do.
  process.on('disconnect', () => process.exit())
  process.send({ ready: true })
}
