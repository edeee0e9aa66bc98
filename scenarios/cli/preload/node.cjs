// Loaded into Node.js programs by `rushhour exec` and `rushhour serve --intercept` (NODE_OPTIONS): Node's fetch and most
// of its HTTP clients read no proxy from their environment. Connections to ports 443 and 80 of other machines go to the
// interceptor instead, which knows from the names inside, TLS's or HTTP's, whom they are for.
'use strict';

const net = require('node:net');

const port = Number(process.env.RUSHHOUR_INTERCEPT_PORT);
const loopback = /^(127\.[0-9.]+|::1|(.*\.)?localhost)$/i;

function redirected(options) {
  const isTcp = options && typeof options === 'object' && !options.path && !options.fd;
  if (!isTcp || ![80, 443].includes(Number(options.port)) || loopback.test(options.host ?? 'localhost')) return options;
  return { ...options, host: '127.0.0.1', port, family: 4, lookup: undefined, localAddress: undefined };
}

if (port > 0) {
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...args) {
    // net.connect() hands over its own arguments as one array, made for this call.
    if (Array.isArray(args[0])) args[0][0] = redirected(args[0][0]);
    else if (/^(80|443)$/.test(args[0]) && typeof args[1] === 'string')
      args.splice(0, 2, redirected({ port: args[0], host: args[1] }));
    else args[0] = redirected(args[0]);
    return connect.apply(this, args);
  };
}
