[Network(8, 4, 5)]
[LayerNorm({|NG1071:8|}), LayerNorm({|NG1071:[4, 4]|}), LayerNorm({|NG1071:[1, 8, 4, 5]|}), LayerNorm({|NG1071:new int[0]|}), RMSNorm({|NG1071:new[] { 8, 4 }|})]
[LayerNorm, LayerNorm(5), LayerNorm([4, 5]), LayerNorm([8, 4, 5], 1e-3), RMSNorm, RMSNorm(5, Eps = {|NG1074:double.NaN|})]
partial class Net;
//! NG1071: LayerNorm normalises over 8, but the network's input gives the feature map (8, 4, 5), whose last 1 dimension is 5
//! NG1071: LayerNorm normalises over (4, 4), but the preceding LayerNorm gives the feature map (8, 4, 5), whose last 2 dimensions are (4, 5)
//! NG1071: LayerNorm normalises over (1, 8, 4, 5), but the preceding LayerNorm gives the feature map (8, 4, 5), that has only 3 dimensions
//! NG1071: LayerNorm normalises over (), but the preceding LayerNorm gives the feature map (8, 4, 5), at least one dimension is needed
//! NG1071: RMSNorm normalises over (8, 4), but the preceding LayerNorm gives the feature map (8, 4, 5), whose last 2 dimensions are (4, 5)
//! NG1074: RMSNorm's eps must be a finite number, but is NaN
