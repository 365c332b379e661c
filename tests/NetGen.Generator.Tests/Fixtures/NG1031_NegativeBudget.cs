[Network(4)]
[Budget(MaxParameters = {|NG1031:-1|}, MaxActivationBytes = {|NG1031:-4L|}, MaxMultiplyAdds = {|NG1031:long.MinValue|})]
[Linear(2)]
partial class Net;
//! NG1031: Budget's MaxParameters must not be negative, but is −1
//! NG1031: Budget's MaxActivationBytes must not be negative, but is −4
//! NG1031: Budget's MaxMultiplyAdds must not be negative, but is −9223372036854775808
