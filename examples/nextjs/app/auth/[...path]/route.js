import { haoma } from '../../../haoma.js'

/** Every call of the service, under `/auth`. */
const handle = async (request) => (await haoma()).fetch(request)

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST }
