[Network(4)]
[{|NG3030:Linear(8)|}, From("input"), Linear(3, Name = "a"), From("input"), {|NG3030:Linear(3)|}, From("a"), Sequential<Block>, Linear(2)]
partial class Net;

[Block, {|NG3030:Linear(5)|}, From("input"), ReLU]
sealed class Block;
//! NG3030: Nothing reads what Linear gives: From("input") behind it goes on from another value
//! NG3030: Nothing reads what Linear gives: From("a") behind it goes on from another value
//! NG3030: Nothing reads what Linear gives: From("input") behind it goes on from another value
