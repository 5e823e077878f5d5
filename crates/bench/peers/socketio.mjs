// Rooms as Socket.IO has them: `join` a room, then `message` goes to the others in it. Nothing is kept.
// `node socketio.mjs PORT`
import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });

io.on("connection", (socket) => {
  socket.on("join", (room, joined) => {
    socket.join(room);
    joined();
  });
  socket.on("message", (room, text) => socket.to(room).emit("message", text));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
