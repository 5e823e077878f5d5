// Rooms over WebSocket, with nothing but `ws`: what one sends, the others in the room get. Nothing is kept.
// A room is the path that a client connects to. `node ws.mjs PORT`
import { createServer } from "node:http";
import { WebSocketServer } from "ws";

const rooms = new Map();
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

sockets.on("connection", (socket, request) => {
  const room = rooms.get(request.url) ?? new Set();
  rooms.set(request.url, room.add(socket));
  socket.on("message", (data, isBinary) => {
    for (const other of room) {
      if (other !== socket) other.send(data, { binary: isBinary });
    }
  });
  socket.on("close", () => {
    room.delete(socket);
    if (room.size === 0) rooms.delete(request.url);
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
