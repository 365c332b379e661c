"""The networks that golden files are made of: by name, the words (stacks.py) and the number of samples."""

def llama(labels, loss):
    """Two layers with shared heads, and a score of the last token."""
    layer = ("res[ rmsnorm@n:32 linear@p:32,nobias rotary@q:heads4 from:n linear@o:16,nobias rotary@k:heads2 from:n linear:16,nobias "
             "attention:q,k,heads4,kv2,causal linear:32,nobias ] res[ rmsnorm:32 swiglu:32,48 ]")
    return f"in@tokens:19,int,upto emb:50,32 {layer} {layer} rmsnorm:32 select:1,-1 linear:{labels},nobias {loss}"


NETWORKS = {
    # Whole networks: the and the benchmark's.
    "mnist_conv_net": ("in:1x28x28 conv:32,k7,p3 relu max:k2 conv:64,k5,p2 relu max:k2 flatten linear:128 relu linear:10 ce", 5),
    "lenet": ("in:1x28x28 conv:6,k5,p2 sigmoid avg:k2 conv:16,k5 sigmoid avg:k2 flatten linear:120 sigmoid linear:84 sigmoid linear:10 "
              "ce", 17),
    "mlp": ("in:784 linear:256 relu linear:128 relu linear:10 ce", 17),
    "tiny": ("in:16 linear:32 relu linear:16 relu linear:4 ce", 3),
    "tiny_mse": ("in:16 linear:32 tanh linear:4 mse", 17),
    "residual": ("in:3x12x12 conv@stem:16,k3,p1 relu res[ conv:16,k3,p1 relu conv:16,k3,p1 ] relu "
                 "res[ conv:16,k3,p1 relu conv:16,k3,p1,nobias ] relu max:k2 flatten linear:10 ce", 3),
    "residual_nested": ("in:8 linear@embed:12 res[ linear:12 tanh res[ linear:12 gelu linear:12 ] ] gelutanh linear:5 ce", 17),
    "cifar_sequential": ("in:3x16x16 conv:32,k5,p2 max:k2 conv:32,k5,p2 max:k2 conv:64,k5,p2 max:k2 flatten linear:64 linear:10 ce", 2),
    "feed_forward": ("in:1x125x128 conv:16,k15x16,s15x16,nobias gelu flatten", 2),
    "softmax_mse": ("in:10 linear:7 softmax mse", 17),
    "image_mse": ("in:3x6x6 conv:5,k3,p1 tanh conv:3,k1 sigmoid mse", 3),
    "image_pool_ce": ("in:5x11x9 conv:17,k3,s2 gelu avg:k2,s1,p1,nopad conv:20,k2x3 relu max:k3,s2,p1,ceil flatten linear:33 tanh "
                      "linear:10 ce", 17),

    # Convolutions without a loss: strides, kernels, paddings, odd channel counts.
    "conv_1x1": ("in:5x7x7 conv:33,k1", 3),
    "conv_k3": ("in:3x8x9 conv:17,k3", 1),
    "conv_k3_p1": ("in:16x9x9 conv:20,k3,p1", 3),
    "conv_k3_s2": ("in:17x9x10 conv:3,k3,s2", 3),
    "conv_k3_s2_p1": ("in:3x10x10 conv:16,k3,s2,p1", 17),
    "conv_k2_s3": ("in:4x11x10 conv:5,k2,s3", 3),
    "conv_k5_p4": ("in:2x6x6 conv:8,k5,p4", 3),
    "conv_k3x2_s2x1": ("in:5x9x7 conv:7,k3x2,s2x1,p1x0", 3),
    "conv_k1x5": ("in:3x6x12 conv:33,k1x5,s1x2,p0x2", 3),
    "conv_whole_input": ("in:6x5x4 conv:20,k5x4", 17),
    "conv_one_pixel": ("in:33x1x1 conv:40,k1", 17),
    "conv_one_pixel_p1": ("in:7x1x1 conv:9,k3,p1", 3),
    "conv_nobias": ("in:20x5x5 conv:17,k3,p1,nobias", 3),
    "conv_wide": ("in:1x3x40 conv:6,k3,p1", 1),
    "conv_s3_p2": ("in:3x13x13 conv:18,k4,s3,p2", 3),
    "conv_big_stride": ("in:2x12x12 conv:5,k2,s5", 3),

    "linear_odd": ("in:33 linear:17", 3),
    "linear_one": ("in:1 linear:1", 17),
    "linear_nobias": ("in:20 linear:5,nobias", 1),
    "linear_wide": ("in:7 linear:130", 17),

    "max_2": ("in:5x8x8 max:k2", 3),
    "max_3_s2": ("in:3x9x9 max:k3,s2", 3),
    "max_3_s1_p1": ("in:17x6x7 max:k3,s1,p1", 3),
    "max_3_s2_p1_ceil": ("in:20x8x9 max:k3,s2,p1,ceil", 3),
    "max_2x3_p0x1": ("in:3x8x10 max:k2x3,p0x1", 17),
    "max_ceil_skips": ("in:4x2x2 max:k3,s3,p1,ceil", 3),
    "max_1_s2_ceil": ("in:2x32x5 max:k1,s2,ceil", 1),
    "max_drops_rows": ("in:33x7x5 max:k2", 3),
    "avg_2": ("in:5x8x8 avg:k2", 3),
    "avg_3_s2": ("in:3x9x9 avg:k3,s2", 3),
    "avg_3_s1_p1": ("in:17x6x7 avg:k3,s1,p1", 3),
    "avg_3_s1_p1_nopad": ("in:17x6x7 avg:k3,s1,p1,nopad", 3),
    "avg_3_s2_p1_ceil": ("in:20x8x9 avg:k3,s2,p1,ceil", 3),
    "avg_3_s2_p1_ceil_nopad": ("in:3x8x9 avg:k3,s2,p1,ceil,nopad", 3),
    "avg_4_s4_p2_ceil": ("in:5x9x9 avg:k4,s4,p2,ceil", 3),
    "avg_2x3_s1x2": ("in:33x5x9 avg:k2x3,s1x2,p1x1", 1),
    "avg_global": ("in:20x7x7 avg:k7 flatten", 17),
    "avg_s3_k2_ceil": ("in:3x9x8 avg:k2,s3,ceil", 3),

    "relu": ("in:5x4x3 relu", 3),
    "sigmoid": ("in:33 sigmoid", 3),
    "tanh": ("in:5x4x3 tanh", 3),
    "gelu": ("in:17 gelu", 17),
    "gelu_image": ("in:3x5x5 gelu", 1),
    "gelu_tanh": ("in:33 gelutanh", 3),
    "softmax": ("in:33 softmax", 3),
    "softmax_two": ("in:2 softmax", 17),
    "flatten": ("in:3x4x5 flatten", 3),
    "flatten_channels": ("in:17x3x3 flatten linear:5", 3),
    "residual_activation": ("in:20 res[ tanh ] res[ relu ]", 3),
    "residual_image": ("in:5x6x6 res[ max:k3,s1,p1 ] res[ avg:k3,s1,p1 relu ]", 3),
    "loss_only_linear_ce": ("in:5 linear:2 ce", 17),
    "loss_only_linear_mse": ("in:3 linear:1 mse", 1),
    "ce_many_classes": ("in:20 linear:33 ce", 3),

    "conv_dilated": ("in:16x9x10 conv:20,k3,p2,d2 relu conv:7,k3x2,s2x3,p1,d3x2", 3),
    "conv1d": ("in:5x30 conv:18,k4,s2,p3 relu conv:7,k3,p4,d3 tanh conv:20,k5,same,nobias flatten linear:3 ce", 3),
    "conv1d_modes": ("in:17x12 conv:6,k4,same,reflect relu conv:9,k3,p2,s2,circular conv:16,k3,p4,replicate", 3),
    "conv1d_groups": ("in:12x15 conv:24,k3,p1,g12 relu conv:6,k3,g2,s2 conv:6,k5,p2,g6", 3),
    "conv_groups_of_16": ("in:32x7x8 conv:64,k3,p1,g2 relu conv:32,k3x2,s2,g2 conv:16,k1", 3),
    "conv_groups_odd": ("in:6x8x7 conv:15,k3,p1,g3 gelu conv:40,k3,s2,p1,g5 relu conv:16,k2,g8,nobias", 3),
    "conv_depthwise": ("in:20x9x8 conv:20,k3,p1,g20 relu conv:20,k5,p2,s2,d2,g20 sigmoid conv:33,k1 mse", 17),
    "conv_depthwise_multiplier": ("in:7x8x9 conv:21,k3,p1,g7 relu conv:42,k3x2,s2x1,g21,nobias", 3),
    "convt": ("in:5x4x5 convt:18,k3,s2,p1,o1 relu convt:7,k4x2,s3x1,p2x0 tanh convt:3,k2,s2,nobias", 3),
    "convt_options": ("in:6x4x3 convt:20,k3,s2x3,d2x3,p1x2,o1x2 relu convt:6,k3,d4,p3,o3 conv:4,k3,s2", 3),
    "convt_wide": ("in:32x5x6 convt:32,k3,p1 relu convt:16,k4,s2,p1 sigmoid convt:20,k5,p2", 2),
    "convt_groups": ("in:8x4x4 convt:12,k3,s2,g4 relu convt:12,k3,p1,g12 relu convt:24,k2,s2,g12,nobias", 3),
    "autoencoder": ("in:1x16x16 conv:16,k3,s2,p1 relu conv:32,k3,s2,p1 relu convt:16,k3,s2,p1,o1 relu convt:1,k3,s2,p1,o1 sigmoid mse", 3),
    "conv_same": ("in:5x7x8 conv:18,k4x2,same relu conv:6,k3x4,d2x1,same", 3),
    "conv_reflect": ("in:3x8x7 conv:17,k3,p2x1,reflect relu conv:5,k5,s2,p2,reflect", 3),
    "conv_replicate": ("in:16x6x7 conv:20,k3x4,p3x2,replicate tanh conv:4,k4,same,replicate", 3),
    "conv_circular": ("in:4x6x5 conv:19,k3,p1x5,s2x1,circular relu conv:7,k2x4,same,d1x2,circular", 3),
    "pads": ("in:5x6x7 zeropad:1x2x0x3 conv:17,k3 relu reflectionpad:2x0x3x1 conv:6,k3,s2 replicationpad:3x1x0x2 conv:3,k2 zeropad:2", 3),
    "conv_dilated_plain": ("in:3x12x11 conv:17,k3,s2,p3,d4x3", 3),
    "adaptive_avg_global": ("in:20x7x7 aavg:1 flatten linear:5 ce", 17),
    "adaptive_avg_global_16": ("in:32x9x8 relu aavg:1 flatten linear:5 ce", 3),
    "adaptive_avg_divides": ("in:5x6x8 aavg:3x4", 3),
    "adaptive_avg_uneven": ("in:17x7x9 aavg:3x4", 3),
    "adaptive_avg_enlarges": ("in:5x2x3 aavg:7", 3),
    "adaptive_avg_keeps": ("in:3x5x7 aavg:_x3", 3),
    "adaptive_avg_same": ("in:16x7x7 aavg:7 flatten linear:3 ce", 3),
    "adaptive_avg_one_pixel": ("in:16x1x1 aavg:7x7 flatten linear:3 ce", 3),
    "adaptive_avg_1d": ("in:17x11 aavg:4", 3),
    "adaptive_avg_1d_global": ("in:5x13 relu aavg:1 flatten linear:3 ce", 17),

    # Activations with constants.
    "leakyrelu": ("in:33 leakyrelu", 3),
    "leakyrelu_slope": ("in:3x4x5 leakyrelu:-0.3", 3),
    "elu": ("in:33 elu", 3),
    "elu_alpha": ("in:3x4x5 elu:0.6", 3),
    "selu": ("in:33 selu", 3),
    "silu": ("in:33 silu", 3),
    "mish": ("in:33 mish", 3),
    "hardswish": ("in:33 linear:40 hardswish", 3),
    "hardsigmoid": ("in:33 linear:40 hardsigmoid", 3),
    "relu6": ("in:33 relu6", 3),
    "hardtanh": ("in:3x4x5 hardtanh", 3),
    "hardtanh_range": ("in:33 hardtanh:-0.25,0.5", 3),
    "softplus": ("in:17x3x4 softplus", 3),
    "softplus_beta": ("in:33 softplus:2.5,0.75", 3),
    "activations_conv": ("in:3x7x8 conv:17,k3,p1 leakyrelu:0.2 conv:20,k3 elu max:k2 conv:18,k2 softplus flatten linear:16 silu linear:9 "
                         "mish linear:5 ce", 3),
    "batchnorm_image": ("in:5x6x7 bn", 3),
    "batchnorm_vector": ("in:33 bn", 17),
    "batchnorm_plain": ("in:20x4x5 bn:plain,eps0.1 relu", 3),
    "batchnorm_cumulative": ("in:3x8x8 conv:17,k3 bn:cumulative relu max:k2 flatten linear:20,nobias bn:momentum0.5 tanh linear:5 ce", 17),
    "batchnorm_residual": ("in:3x9x9 conv:16,k3,p1,nobias bn relu res[ conv:16,k3,p1,nobias bn relu conv:16,k3,p1,nobias bn ] relu "
                           "avg:k9 flatten linear:10 ce", 5),
    "shortcut": ("in:5x7x8 res[ conv:18,k3,s2,p1,nobias bn relu conv:18,k3,p1,nobias bn | conv:18,k1,s2,nobias bn ] relu seq[ conv:7,k3 "
                 "tanh ] flatten linear:4 ce", 5),
    "fashion_cnn": ("in:1x28x28 conv:16,k3,p1 bn relu max:k2 conv:32,k3 bn relu max:k2 flatten linear:64 relu linear:10 ce", 5),
    "adaptive_max_global": ("in:20x7x7 amax:1 flatten linear:5 ce", 3),
    "adaptive_max_uneven": ("in:17x7x9 amax:3x4", 3),
    "adaptive_max_keeps": ("in:5x2x3 amax:_x5", 3),
    "adaptive_max_1d": ("in:17x11 amax:4", 3),
    "max_dilated": ("in:17x9x10 max:k3,s2,p1,d2", 3),
    "max_dilated_pairs": ("in:3x10x11 max:k2x3,s1x2,p1,d3x2,ceil", 3),
    "avg_divisor": ("in:17x7x7 avg:k3,s2,p1,ceil,by5", 3),
    "avg_divisor_nopad": ("in:3x7x8 avg:k2,nopad,by-3", 3),
    "max_1d": ("in:17x12 max:k3", 3),
    "max_1d_options": ("in:5x13 max:k3,s2,p1,d2,ceil", 17),
    "max_1d_network": ("in:6x21 max:k2,ceil relu avg:k3,s2,p1 flatten linear:4 ce", 3),
    "avg_1d": ("in:17x12 avg:k4", 3),
    "avg_1d_options": ("in:5x12 avg:k3,s2,p1,ceil,nopad", 17),

    # Normalisation of single samples.
    "layernorm_vector": ("in:33 layernorm", 3),
    "layernorm_image": ("in:5x4x6 layernorm", 3),
    "layernorm_plane": ("in:5x4x6 layernorm:4x6,nobias,eps0.01", 3),
    "layernorm_row": ("in:17x3x5 layernorm:5", 3),
    "layernorm_plain": ("in:3x7 layernorm:7,plain", 3),
    "rmsnorm_vector": ("in:40 rmsnorm", 3),
    "rmsnorm_image": ("in:5x4x6 rmsnorm:6,eps0.001", 3),
    "groupnorm": ("in:20x4x3 groupnorm:4", 3),
    "groupnorm_vector": ("in:18 groupnorm:3,eps0.01", 3),
    "groupnorm_plain": ("in:6x9 groupnorm:2,plain", 3),
    "instancenorm": ("in:5x4x6 instancenorm", 3),
    "instancenorm_affine": ("in:17x9 instancenorm:affine,eps0.001", 3),
    "norms_conv": ("in:3x8x8 conv:16,k3,p1 groupnorm:4 relu max:k2 conv:20,k3,p1 instancenorm:affine silu conv:12,k2 layernorm elu "
                   "flatten linear:24 layernorm gelu linear:10 rmsnorm linear:5 ce", 3),

    "loss_ce_weights": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3", 17),
    "loss_ce_ignored": ("in:9 linear:3 ce:i=1", 17),
    "loss_ce_ignored_weights": ("in:9 linear:3 ce:w=1/0.5/2,i=-1", 17),
    "loss_ce_smooth": ("in:9 linear:5 ce:e=0.1", 17),
    "loss_ce_smooth_many": ("in:9 linear:20 ce:e=0.3,i=-1", 17),
    "loss_ce_smooth_weights": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3,e=0.2,i=2", 17),
    "loss_ce_smooth_weights_sum": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3,e=0.2,i=2,sum", 17),
    "loss_ce_sum": ("in:9 linear:5 ce:sum", 3),
    "loss_ce_probabilities": ("in:9 linear:20 ce:prob", 17),
    "loss_ce_probabilities_all": ("in:9 linear:5 ce:w=1/0.5/2/0.25/3,e=0.2,prob", 17),
    "loss_ce_probabilities_sum": ("in:9 linear:5 ce:e=0.2,prob,sum", 3),
    "loss_nll": ("in:9 linear:5 nll", 3),
    "loss_nll_all": ("in:9 linear:5 nll:w=1/0.5/2/0.25/3,i=-1", 17),
    "loss_nll_sum": ("in:9 linear:5 nll:w=1/0.5/2/0.25/3,i=2,sum", 17),
    "loss_mse_sum": ("in:9 linear:5 mse:sum", 3),
    "loss_l1": ("in:9 linear:19 l1", 3),
    "loss_l1_sum": ("in:9 linear:5 l1:sum", 3),
    "loss_huber": ("in:9 linear:19 huber", 3),
    "loss_huber_delta": ("in:9 linear:5 huber:d=0.25,sum", 3),
    "loss_smoothl1": ("in:9 linear:19 smoothl1", 3),
    "loss_smoothl1_beta": ("in:9 linear:5 smoothl1:b=0.25,sum", 3),
    "loss_smoothl1_zero": ("in:9 linear:5 smoothl1:b=0", 3),
    "loss_bce": ("in:9 linear:19 sigmoid bce", 3),
    "loss_bce_weights": ("in:9 linear:5 sigmoid bce:w=1/0.5/2/0.25/3,sum", 3),
    "loss_bce_image": ("in:3x5x5 conv:3,k3,p1 sigmoid bce:w=1/0.5/2", 3),
    "loss_bcelogits": ("in:9 linear:19 bcelogits", 3),
    "loss_bcelogits_weights": ("in:9 linear:5 bcelogits:w=1/0.5/2/0.25/3,p=2/1/0.5/4/0.25", 3),
    "loss_bcelogits_image": ("in:3x5x5 conv:3,k3,p1 bcelogits:p=2/1/0.5,sum", 3),
    "loss_bcelogits_one": ("in:3x5x5 conv:20,k3 bcelogits:w=0.5,p=2", 3),
    "loss_kl": ("in:9 linear:19 kl", 3),
    "loss_kl_batchmean": ("in:9 linear:5 kl:batchmean", 3),
    "loss_kl_log": ("in:9 linear:5 kl:log", 3),
    "loss_kl_log_sum": ("in:9 linear:19 kl:log,sum", 3),
    "loss_cosine": ("in:9 linear:19 cosine", 17),
    "loss_cosine_margin": ("in:9 linear:5 cosine:m=0.25,sum", 17),
    "loss_l1_image": ("in:3x5x5 conv:5,k3 l1", 3),
    "loss_smoothl1_image": ("in:3x5x5 conv:20,k3 relu smoothl1:b=0.5", 3),
    "up_nearest": ("in:17x3x4 up:2", 3),
    "up_nearest_factors": ("in:3x5x7 up:1.7x2.3", 3),
    "up_nearest_size": ("in:3x7x5 up:o4x13", 3),
    "up_bilinear": ("in:17x3x4 up:2,linear", 3),
    "up_bilinear_factors": ("in:3x5x7 up:1.7x2.3,linear", 3),
    "up_bilinear_align": ("in:3x5x4 up:o9x11,linear,align", 3),
    "up_bilinear_down": ("in:3x9x11 up:o4x5,linear", 3),
    "up_1d": ("in:5x7 up:3 relu up:1.5,linear flatten linear:3 ce", 3),
    "up_network": ("in:3x6x6 conv:16,k3,p1 relu up:2 conv:5,k3,p1 relu up:1.5,linear conv:2,k3 mse", 3),
    "flatten_dims": ("in:5x4x3 flatten:2,-1 flatten:1,2", 3),
    "flatten_first": ("in:17x2x3 flatten:1,2 relu", 3),
    "unflatten": ("in:12 linear:48 relu unflatten:1,3x4x4 conv:5,k3,p1 identity flatten linear:3 ce", 3),
    "unflatten_length": ("in:6x12 unflatten:2,3x-1 max:k2", 3),
    "prelu": ("in:33 prelu", 3),
    "prelu_channels": ("in:17x3x4 prelu:17", 3),
    "logsoftmax": ("in:33 logsoftmax", 3),
    "prelu_conv": ("in:3x7x8 conv:17,k3 prelu:17 max:k2 flatten linear:12 prelu linear:6 logsoftmax", 5),

    # The named models that the table above has not, or only smaller or without a loss.
    "logistic_regression": ("in:20 linear:1 bcelogits", 17),
    "softmax_regression": ("in:784 linear:10 ce", 17),
    "feed_forward_trained": ("in:1x125x128 conv:16,k15x16,s15x16,nobias gelu flatten linear:10 ce", 2),
    "cifar_sequential_32": ("in:3x32x32 conv:32,k5,p2 max:k2 conv:32,k5,p2 max:k2 conv:64,k5,p2 max:k2 flatten linear:64 linear:10 ce", 2),
    "autoencoder_upsample": ("in:1x28x28 conv:16,k3,s2,p1 relu conv:8,k3,s2,p1 relu up:2 conv:16,k3,p1 relu up:2 conv:1,k3,p1 sigmoid "
                             "mse", 3),
    "autoencoder_norm": ("in:1x20x20 conv:16,k3,s2,p1,nobias bn relu conv:32,k3,s2,p1,nobias bn relu convt:16,k2,s2,nobias bn relu "
                         "convt:1,k2,s2 mse", 5),
    "unpool": ("in:5x8x8 max@p:k2,indices unpool:p", 3),
    "unpool_drops": ("in:17x7x9 max@p:k2,indices tanh unpool:p", 3),
    "unpool_overlaps": ("in:3x9x8 max@p:k3,s2,p1,indices sigmoid unpool:p", 3),
    "unpool_gaps": ("in:4x11x8 max@p:k2,s3,indices unpool:p relu", 3),
    "unpool_ceil": ("in:20x7x7 max@p:k3,s2,ceil,indices unpool:p", 3),
    "unpool_autoencoder": ("in:1x16x16 conv:16,k3,p1 relu max@a:k2,indices conv:20,k3,p1 relu max@b:k2,indices unpool:b convt:16,k3,p1 "
                           "relu unpool:a convt:1,k3,p1 sigmoid mse", 3),
    "unpool_blocks": ("in:3x8x8 seq[@encoder conv:16,k3,p1 bn relu max@pool:k2,indices ] seq[@decoder conv:16,k1 relu "
                      "unpool:encoder.pool ] conv:5,k3 flatten linear:3 ce", 3),
    "bilinear": ("in:9 linear@a:17 tanh linear:6 bil:5,a ce", 5),
    "bilinear_blocks": ("in:3x4x4 conv:5,k3 relu flatten@map seq[@encoder linear@fc:7 gelu linear:17 ] tanh bil:4,encoder.fc,nobias relu "
                        "bil:6,encoder bil:3,map mse", 3),
    "cosine_similarity": ("in:9 linear@a:17 tanh linear:17 cossim:a,eps0.001 linear:5 tanh@b linear:5 cossim:b mse", 5),

    # Values with several readers, and layers with several operands.
    "unet": ("in:1x16x16 conv:8,k3,p1 relu@e1 max:k2 conv:12,k3,p1 relu@e2 max:k2 conv:16,k3,p1 relu convt:12,k2,s2 concat:e2,. "
             "conv:12,k3,p1 relu convt:8,k2,s2 concat:e1,. conv:8,k3,p1 relu conv:1,k1 bcelogits", 3),
    "inception": ("in:3x12x12 conv:16,k3,p1 relu concat[ conv:8,k1 relu | conv:6,k1 relu conv:12,k3,p1 relu | conv:4,k1 relu conv:6,k5,p2 "
                  "relu | max:k3,s1,p1 conv:5,k1 relu ] aavg:1 flatten linear:5 ce", 5),
    "densenet": ("in:3x10x10 conv:16,k3,p1,nobias concat[ identity | bn relu conv:12,k3,p1,nobias ] concat[ identity | bn relu "
                 "conv:12,k3,p1,nobias ] bn relu conv:20,k1,nobias avg@t:k2 bn relu conv:12,k3,p1,nobias concat:t,. bn relu aavg:1 flatten "
                 "linear:5 ce", 5),
    "squeeze_excitation": ("in:3x10x10 conv:16,k3,p1,nobias bn relu res[ conv:16,k3,p1,nobias bn relu conv:16,k3,p1,nobias bn mul[ "
                           "identity | aavg:1 conv:4,k1 relu conv:16,k1 sigmoid ] ] relu aavg:1 flatten linear:5 ce", 5),
    "mobilenet_v2": ("in:3x12x12 conv:8,k3,p1,nobias bn relu6 res[ conv:24,k1,nobias bn relu6 conv:24,k3,p1,g24,nobias bn relu6 "
                     "conv:8,k1,nobias bn ] conv:24,k1,nobias bn relu6 conv:24,k3,s2,p1,g24,nobias bn relu6 conv:12,k1,nobias bn aavg:1 "
                     "flatten linear:5 ce", 5),
    "mobilenet_v3": ("in:3x16x16 conv:8,k3,s2,p1,nobias bn hardswish res[ conv:16,k1,nobias bn hardswish conv:16,k5,p2,g16,nobias bn mul[ "
                     "identity | aavg:1 conv:4,k1 relu conv:16,k1 hardsigmoid ] hardswish conv:8,k1,nobias bn ] conv:24,k1,nobias bn "
                     "hardswish aavg:1 flatten linear:12 hardswish linear:5 ce", 5),
    "encoder_decoder": ("in:1x16x16 conv:8,k3,s2,p1 relu@skip conv:16,k3,s2,p1 relu conv:16,k3,p1 relu convt:8,k3,s2,p1,o1 add:skip relu "
                        "convt:1,k3,s2,p1,o1 add:input sigmoid mse", 3),
    "joins": ("in:5x4x6 conv@a:5,k3,p1 tanh@t add:a mul:t,. sub:input aavg:1 conv:5,k1 softplus addc@d:0.5 from:sub1 div:d maximum:a,. "
              "minimum:t,. mul[ identity | conv:1,k1 sigmoid ] add[ aavg:1 | conv:1,k1 | identity ] sub[ aavg:1x_ | identity ] maximum[ "
              "identity | aavg:_x1 ] minimum[ conv:1,k3,p1 | amax:1 conv:5,k1 ] mulc:2 subc:0.25 div[ conv:5,k1 | aavg:1 softplus "
              "addc:0.5 ] divc:1.5 maximumc:-0.5 minimumc:0.75 mse", 3),
    "concat_dims": ("in:3x6x5 conv@a:5,k3,p1 relu concat:a,input conv:16,k3,p1 relu@b conv:16,k2x1 concat:b,.,dim2 relu@c conv:16,k1x2 "
                    "concat:c,dim3 concat[:dim-1 conv:4,k3,p1 | max:k3,s1,p1 conv:4,k1 tanh | identity conv:4,k1 ] flatten linear:5 ce", 3),
    "gates": ("in:17 linear@h:16 tanh@t from:input linear:16 sigmoid@g mul:t from:g mulc:-1 addc:1 mul[ identity | linear:1 sigmoid ] "
              "add:mul1 linear:5 ce", 5),

    # Elements in other places, and dimensions that become one.
    "movement": ("in:4x6x10 conv:20,k3,p1 tanh permute:2x3x1 conv:16,k1 transpose:1,-1 shuffle:2 relu slice:2,2,-2,s2 conv:8,k3,p1 "
                 "unshuffle:2 flip:1x3 conv:18,k1 chunk:4,1 select:2,-1 unsqueeze:1 tanh squeeze:1 slice:1,1 reshape:-1 linear:4 ce", 5),
    "reductions": ("in:5x6x7 conv:17,k3,p1 mean:1,keep conv:20,k3,p1 relu var:2 conv:9,k3,p1 maxof:2,keep conv:8,k1 squeeze:2 "
                   "linear:33 relu normalize unflatten:1,3x11 minof:1 sum:1,keep linear:6 var:1,biased mse", 5),
    "reductions_pixels": ("in:3x5x6 conv:18,k3,p1 relu normalize:1,eps0.5 sum:3 conv:16,k3,p1 mean:2 linear:24 unflatten:1,4x2x3 maxof:2x3 "
                          "linear:3 mse", 3),

    # Parts that training leaves as they are.
    "frozen_first_half": ("in:3x9x9 seq[@features:frozen conv:16,k3,p1,nobias bn relu drop:0.5 conv:20,k3,s2 bn relu drop2d:0.25 ] "
                          "conv:17,k3,p1 bn relu flatten linear:5 ce", 5),
    "frozen_middle": ("in:3x8x8 conv:16,k3,p1 bn relu res[:frozen conv:16,k3,p1 bn:plain prelu:16 drop:0.3 conv:16,k3,p1 bn ] relu "
                      "groupnorm:4,frozen max:k2 convt:9,k2,s2,frozen relu flatten linear:9,frozen tanh linear:4 ce", 5),
    "frozen_vectors": ("in:17 linear:20 bn tanh seq[:frozen linear:24 bn gelu drop:0.5 layernorm linear:16 ] linear:6 tanh linear:3 mse", 17),

    # Several inputs, outputs and losses; parameters that are used twice.
    "multi_task": ("in:3x16x16 conv:16,k3,p1,nobias bn relu max:k2 conv:24,k3,p1,nobias bn relu max:k2 flatten linear:32 relu@features "
                   "linear:5 out:kind from:features linear:4 sigmoid out:box ce:of=kind smoothl1:of=box,factor=0.5", 5),
    "siamese": ("in@left:1x12x12 seq[@tower conv:8,k3,p1 relu max:k2 conv:16,k3,p1 relu max:k2 flatten linear:12 ] in@right:1x12x12 "
                "seq[:&tower conv:8,k3,p1 relu max:k2 conv:16,k3,p1 relu max:k2 flatten linear:12 ] sub@d:tower mulc:-1 maximum:d "
                "linear:1 bcelogits", 5),
    "siamese_norm": ("in@left:3x8x8 seq[@tower conv:16,k3,p1,nobias bn relu aavg:1 flatten ] out:embedding in@right:3x8x8 seq[:&tower "
                     "conv:16,k3,p1,nobias bn relu aavg:1 flatten ] mul:tower linear:2 out:same ce:of=same "
                     "mse:of=embedding,factor=0.25", 5),
    "tied": ("in@a:9 linear@l:16 tanh out:x in@b:9 linear:16,&l out:y mul:x linear@s:16 tanh linear:16,&s out:z out:again", 5),
    # A variational autoencoder: the noise is an input, and the divergence from the normal distribution an output with a loss of its own.
    "vae": ("in@image:1x12x12 conv:8,k3,s2,p1 relu conv:16,k3,s2,p1 relu flatten linear:24 relu@features linear:6 out:mu from:features "
            "linear:6 out:logvar mulc:0.5 exp@deviation in@noise:6 mul:deviation add:mu linear:144 relu unflatten:1,16x3x3 "
            "convt:8,k4,s2,p1 relu convt:1,k4,s2,p1 out:reconstruction from:logvar exp@variance from:mu mul:mu add:variance sub:logvar "
            "subc:1 mulc:0.5 sum:1 out:divergence bcelogits:of=reconstruction l1:of=divergence,factor=0.05", 5),
    # The noise of an image at a time: the time's embedding goes to the channels of each level.
    "diffusion": ("in@image:1x12x12 in@time:16 linear:24 silu linear:24 silu@emb from:image conv:8,k3,p1 res[@high groupnorm:4 silu "
                  "conv@c:8,k3,p1 from:emb linear:8 reshape:8x1x1 add:c groupnorm:4 silu conv:8,k3,p1 ] conv:20,k3,s2,p1 res[@middle "
                  "groupnorm:4 silu conv@c:20,k3,p1 from:emb linear:20 reshape:20x1x1 add:c groupnorm:4 silu conv:20,k3,p1 ] "
                  "conv:16,k3,s2,p1 res[ groupnorm:4 silu conv@c:16,k3,p1 from:emb linear:16 reshape:16x1x1 add:c groupnorm:4 silu "
                  "conv:16,k3,p1 ] up:2 conv:20,k3,p1 concat:middle,. res[ groupnorm:4 silu conv@c:20,k3,p1 from:emb linear:20 "
                  "reshape:20x1x1 add:c groupnorm:4 silu conv:20,k3,p1 | conv:20,k1 ] up:2 conv:8,k3,p1 concat:high,. res[ groupnorm:4 "
                  "silu conv@c:8,k3,p1 from:emb linear:8 reshape:8x1x1 add:c groupnorm:4 silu conv:8,k3,p1 | conv:8,k1 ] groupnorm:4 silu "
                  "conv:1,k3,p1 mse", 3),
    # A pair that is trained against each other in gan.py.
    "dcgan_generator": ("in:16 unflatten:1,16x1x1 convt:32,k4,nobias bn relu convt:16,k4,s2,p1,nobias bn relu convt:1,k4,s2,p1 tanh", 5),
    "dcgan_discriminator": ("in:1x16x16 conv:16,k4,s2,p1 leakyrelu:0.2 conv:32,k4,s2,p1,nobias bn leakyrelu:0.2 conv:1,k4 flatten "
                            "bcelogits", 5),
    "exp": ("in:17x3x4 exp", 3),
    "user_functions": ("in:3x12x12 conv:17,k3,p1 user:cosine conv:20,k3,p1,nobias bn user:quickgelu res[ conv:20,k3,p1 user:squaredrelu "
                       "conv:20,k3,p1 ] user:mixed max:k2 conv:8,k3 sigmoid user:logarithm flatten linear:33 user:smoothrelu linear:17 "
                       "user:swish linear:5 ce", 5),

    # Losses that compare outputs with one another.
    "clip": ("in@image:3x12x12 conv:16,k3,s2,p1 relu conv:32,k3,s2,p1 relu flatten linear:20 normalize out:image_embeds in@text:24 "
             "linear:32 gelu linear:20 normalize out:text_embeds contrastive:of=image_embeds/text_embeds,t=0.07", 16),
    "triplet": ("in@a:9 seq[@tower linear:20 tanh linear:17 ] out:anchor in@p:9 seq[:&tower linear:20 tanh linear:17 ] out:positive in@n:9 "
                "seq[:&tower linear:20 tanh linear:17 ] out:negative triplet:of=anchor/positive/negative,swap", 5),
    "siamese_cosine": ("in@left:1x12x12 seq[@tower conv:8,k3,p1 relu max:k2 conv:16,k3,p1 relu max:k2 flatten linear:12 ] out:first "
                       "in@right:1x12x12 seq[:&tower conv:8,k3,p1 relu max:k2 conv:16,k3,p1 relu max:k2 flatten linear:12 ] out:second "
                       "cosine:of=first/second,m=0.2", 5),
    "siamese_triplet": ("in@anchor:1x12x12 seq[@tower conv:8,k3,p1 relu max:k2 flatten linear:20 ] out:a in@positive:1x12x12 seq[:&tower "
                        "conv:8,k3,p1 relu max:k2 flatten linear:20 ] out:p in@negative:1x12x12 seq[:&tower conv:8,k3,p1 relu max:k2 "
                        "flatten linear:20 ] out:n triplet:of=a/p/n", 5),
    "triplet_first": ("in@a:9 linear@l:17 out:x in@b:9 linear:17,&l out:y in@c:9 linear:17,&l out:z triplet:of=x/y/z,swap,p=1,m=0.5,sum",
                      17),
    "triplet_third": ("in@a:9 linear@l:17 out:x in@b:9 linear:17,&l out:y in@c:9 linear:17,&l out:z triplet:of=x/y/z,p=3,eps=0.001", 17),
    # What is near is equal: the gradient of the distance is that of eps.
    "triplet_equal": ("in:9 linear:17 out:x out:y from:input linear:17 out:z triplet:of=x/y/z,m=4", 5),
    "contrastive_sum": ("in@a:9 linear:5 out:x in@b:9 linear:5 out:y contrastive:of=y/x,sum,t=0.5", 3),

    # Products of samples as matrices.
    "attention": ("in:20x12 conv@q:24,k1 from:input conv@k:24,k1 from:input conv@v:24,k1 from:q matmul:k,ta mulc:0.2 sigmoid "
                  "matmul:v,.,tb mean:2 linear:5 ce", 5),
    "matmul": ("in:3x6x5 conv@a:17,k3,p1 tanh from:input conv:17,k3,p1 matmul:a,tb conv@b:4,k1 from:a conv:1,k1 matmul:b,ta,tb tanh "
               "mean:3 matmul:.,.,ta tanh flatten@f linear:6 tanh from:f linear:6 tanh matmul:linear1 mse:factor=0.1", 3),

    # Rows of tables, by inputs of ints.
    "bag_classifier": ("in@tokens:12,int bag:40,20,pad0 linear:17 relu linear:3 ce", 9),
    "bag_sum": ("in:7,int bag:9,33,sum,pad-1 tanh linear:4 ce", 17),
    "bag_max": ("in@words:6,int bag:5,17,max,pad2 linear:5 mse", 9),
    "bag_weights": ("in@words:9,int emb@learned:30,1 from:words bag@first:30,17,sum,pad2,weights=learned in@x:6 sigmoid@given in@more:6,int "
                    "bag:12,17,sum,weights=given add:first tanh linear:3 out:y ce:of=y", 5),
    "bag_weights_lengths": ("in@words:9,int,upto emb:30,8 linear@importance:1 from:words bag:30,20,sum,pad0,weights=importance linear:3 ce", 6),
    "bag_towers": ("in@query:4,int bag@table:23,16 linear:16 tanh@q in@x:3x6x6 conv:16,k3 relu aavg:1 flatten@f in@answer:9,int "
                   "bag:23,16,&table linear:16 tanh mul:q add:f linear:3 ce", 5),
    "embedding_cnn": ("in@tokens:12,int emb:40,20,pad0 transpose:1,2 conv:17,k3,p1 relu amax:1 flatten linear:3 ce", 9),
    "embedding_positions": ("in@tokens:7,int emb:9,33,scale5.744563,pad-1 linear:16 tanh linear:3 mse", 5),
    "embedding_norm": ("in@tokens:6,int emb:11,17,max0.9,pad2 linear:16 relu mean:1 linear:4 ce", 9),

    # Sequences: positions of features.
    "positions": ("in:9x20 linear:33 gelu layernorm:33 linear:16 rmsnorm:16 transpose:1,2 linear:7 tanh transpose:1,2 mean:1 linear:3 ce", 5),
    "encoder": ("in:24x32 res[ layernorm@n:32 linear@q:32 from:n linear@k:32 from:n linear:32 attention:q,k,heads4 linear:32 ] "
                "res[ layernorm:32 linear:64 relu linear:32 ] res[ layernorm@n:32 linear@q:32 from:n linear@k:32 from:n linear:32 "
                "attention:q,k,heads4 linear:32 ] res[ layernorm:32 linear:64 relu linear:32 ] layernorm:32 mean:1 linear:2 ce", 5),
    "encoder_postnorm": ("in:19x24 linear:32 res[ linear@q:32 from:input linear@k:32 from:input linear:32 attention:q,k,heads2 linear:32 ] "
                         "layernorm:32 res[ linear:40 gelu linear:32 ] layernorm:32 select:1,0 linear:20 tanh linear:3 ce", 5),
    "gpt": ("in:21x24 res[ layernorm@n:24 linear@q:24 from:n linear@k:24 from:n linear:24 attention:q,k,heads3,causal linear:24 ] "
            "res[ layernorm:24 linear:96 gelutanh linear:24 ] layernorm:24 linear:10,nobias mse", 3),
    "llama_without_positions": ("in:18x64 res[ rmsnorm@n:64,eps1e-5 linear@q:64,nobias from:n linear@k:32,nobias from:n linear:32,nobias "
                                "attention:q,k,heads4,kv2,causal linear:64,nobias ] res[ rmsnorm:64,eps1e-5 mul[ linear:80,nobias silu | "
                                "linear:80,nobias ] linear:64,nobias ] rmsnorm:64,eps1e-5 select:1,-1 linear:5,nobias ce", 4),
    "cross_attention": ("in@memory:14x20 linear:32 relu@m in@target:9x12 linear:32 res[ layernorm@n:32 linear@q:32 from:n linear@k:32 from:n "
                        "linear:32 attention:q,k,heads2,causal linear:32 ] res[ layernorm:32 linear@q:32 from:m linear@k:32 from:m linear:32 "
                        "attention:q,k,heads2 linear:32 ] linear:6 out:y mse:of=y", 4),
    "llama": ("in:18x64 res[ rmsnorm@n:64,eps1e-5 linear:64,nobias rotary@q:heads4 from:n linear:32,nobias rotary@k:heads2 from:n "
              "linear:32,nobias attention:q,k,heads4,kv2,causal linear:64,nobias ] res[ rmsnorm:64,eps1e-5 mul[ linear:80,nobias silu | "
              "linear:80,nobias ] linear:64,nobias ] rmsnorm:64,eps1e-5 select:1,-1 linear:5,nobias ce", 4),
    "rotary": ("in:33x12 linear:48 rotary:heads3,base500 linear:40 rotary:heads2,interleaved,factor8,length32 linear:3 mse", 3),
    "gpt_positions": ("in:21x24 positions:30 res[ layernorm@n:24 linear@q:24 from:n linear@k:24 from:n linear:24 attention:q,k,heads3,causal "
                      "linear:24 ] res[ layernorm:24 linear:96 gelutanh linear:24 ] layernorm:24 select:1,-1 linear:4 ce", 3),
    "sinusoids": ("in:25x20 linear:33 sinusoids linear:24 sinusoids res[ linear@q:24 from:input linear@k:24 from:input linear:24 "
                  "attention:q,k,heads2 linear:24 ] layernorm:24 mean:1 linear:3 ce", 3),
    "textcnn": ("in@tokens:14,int emb:60,20 transpose:1,2 concat[ conv:12,k3 relu amax:1 flatten | conv:12,k4 relu amax:1 flatten | "
                "conv:12,k5 relu amax:1 flatten ] linear:2 ce", 7),
    "bert": ("in@tokens:16,int emb:50,32,pad0 positions layernorm:32 res[ linear@q:32 from:input linear@k:32 from:input linear:32 "
             "attention:q,k,heads4 linear:32 ] layernorm:32 res[ linear:64 gelu linear:32 ] layernorm:32 select:1,0 linear:32 tanh "
             "linear:3 ce", 6),

    # Recurrent layers.
    "rnn_classifier": ("in:12x7 rnn@r:20 from:r.h linear:4 ce", 5),
    "rnn_relu": ("in:6x9 rnn:17,relu,l2 linear:3 mse", 3),
    "lstm_classifier": ("in:12x7 lstm@l:20 from:l.h linear:4 ce", 5),
    "gru_classifier": ("in:12x7 gru@g:20 from:g.h linear:4 ce", 5),
    "bilstm": ("in:9x11 lstm:18,l2,bi mean:1 linear:4 ce", 5),
    "bigru": ("in:9x11 gru:16,l2,bi,nobias mean:1 linear:4 ce", 5),
    "lstm_ports": ("in:7x5 lstm@l:12,l2,bi out:states from:l.h out:h from:l.c out:c mse:of=states l1:of=h mse:of=c,factor=0.5", 3),
    "gru_states": ("in:5x6 gru:9", 17),
    "lstm_projected": ("in@source:9x8 lstm@e:20,l2,bi,proj6 in@words:7x5 lstm@d:20,l2,bi,proj6,initial=e.h,cell=e.c linear:3 out:y from:d.h out:h "
                       "from:d.c out:c mse:of=y l1:of=h mse:of=c,factor=0.5", 4),
    "lstm_tokens": ("in@tokens:12,int emb:40,16,pad0 lstm@l:20,bi from:l.h flatten linear:3 ce", 5),

    # Attention with windows, slopes of the distance, masks.
    "alibi": ("in:37x24 res[ layernorm@n:24 linear@q:24 from:n linear@k:24 from:n linear:24 attention:q,k,heads3,causal,alibi linear:24 ] "
              "res[ layernorm@n:24 linear@q:32 from:n linear@k:32 from:n linear:32 attention:q,k,heads2,alibi linear:24 ] select:1,-1 "
              "linear:3 ce", 3),
    "window": ("in:45x24 res[ layernorm@n:24 linear@q:32 from:n linear@k:16 from:n linear:16 attention:q,k,heads2,kv1,causal,window6 linear:24 ] "
               "res[ layernorm@n:24 linear@q:12 from:n linear@k:12 from:n linear:12 attention:q,k,heads2,causal,window20,alibi linear:24 ] "
               "mean:1 linear:3 ce", 3),
    "mask": ("in@x:13x24 in@m:2x13x13 from:x linear@q:32 from:x linear@k:32 from:x linear:32 attention@a:q,k,heads2,mask=m linear@b:13 from:a "
             "attention:q,k,heads4,causal,mask=b mean:1 linear:3 out:y ce:of=y", 3),
    "multihead": ("in:13x24 mha:4 tanh mha:3,causal,nobias mean:1 linear:3 ce", 4),
    "multihead_cross": ("in@m:11x24 in@n:11x20 in@x:9x24 mha:4,key=m tanh mha:2,key=n tanh mha:3,key=m,value=n linear:3 out:y mse:of=y", 4),
    "encoder_layers": ("in:15x24 enc:24,heads4,ff40,drop0 enc:24,heads3,ff32,drop0,gelu,eps1e-3,causal mean:1 linear:3 ce", 4),
    "encoder_layers_prenorm": ("in:15x24 enc:24,heads4,ff40,drop0,prenorm enc:24,heads2,ff32,drop0,gelu,prenorm layernorm:24 mean:1 "
                               "linear:3 ce", 4),
    "transformer": ("in@source:13x24 enc:24,heads4,ff32,drop0 enc@memory:24,heads4,ff32,drop0 in@target:9x24 "
                    "dec:24,heads4,memory=memory,ff32,drop0 dec:24,heads2,memory=memory,ff40,drop0,gelu,prenorm linear:5 out:y mse:of=y", 3),
    "deepnorm": ("in:14x24 enc:24,heads4,ff32,drop0,deep3 enc:24,heads4,ff32,drop0,deep3 enc:24,heads4,ff32,drop0,deep3 mean:1 linear:3 ce", 4),
    "gated": ("in:11x24 swiglu:24,40 geglu:24,33,bias geglu:24,20,tanh mean:1 linear:3 ce", 4),

    # Encoder and decoder with Bahdanau's attention, and with Luong's scores.
    "seq2seq": ("in@source:13,int emb:30,16 gru@encoder:20 in@words:9,int emb:12,16 attgru@d:20,encoder,initial=encoder.h,size24 "
                "linear:12 out:y ce:of=y,dim=-1", 4),
    "seq2seq_dot": ("in@source:11x7 gru@encoder:18,nobias in@words:8x6 attgru@d:18,encoder,dot,nobias concat:d.context,dim2 linear:5 out:y "
                    "from:d.attention out:a from:d.h out:h mse:of=y l1:of=a mse:of=h", 3),

    # Samples of different lengths. A LLaMA with one label and with five.
    "lstm_lengths": ("in@tokens:12,int,upto emb:30,12 lstm@l:18,l2,bi from:l.h flatten linear:4 ce", 6),
    "gru_lengths": ("in@x:10x9,upto gru@g:20,bi linear:4 ce:dim=-1", 6),
    "encoder_lengths": ("in@tokens:17,int,upto emb:40,24 sinusoids enc:24,heads4,ff40,drop0 enc:24,heads3,ff32,drop0,gelu,prenorm "
                        "mean:1 linear:3 ce", 6),
    "seq2seq_lengths": ("in@source:13,int,upto emb:30,16 gru@encoder:20 in@words:9,int,upto emb:12,16 "
                        "attgru@d:20,encoder,initial=encoder.h linear:12 out:y ce:of=y,dim=-1", 6),
    "llama_value": (llama(1, "mse"), 6),
    "llama_labels": (llama(5, "ce"), 6),

    # Recurrent decoders that start from an encoder's last states.
    "seq2seq_lstm": ("in@source:11,int emb:30,16 lstm@e:20,l2 in@words:7,int emb:12,16 lstm:20,l2,initial=e.h,cell=e.c linear:12 out:y "
                     "ce:of=y,dim=-1", 4),
    "seq2seq_gru": ("in@source:11x7 gru@e:18,bi in@words:7x6 gru:18,bi,initial=e.h linear:5 out:y mse:of=y", 4),

    # The head over the vocabulary has the table of the embedding for its weight.
    "embedding_tied": ("in@tokens:9,int emb@wte:37,20,pad1 positions linear:20 gelu layernorm:20 linear:37,nobias,&wte ce:dim=-1", 7),
    "embedding_tied_lengths": ("in@tokens:11,int,upto emb@wte:30,16,scale4 gru:20 linear:16 linear:30,nobias,&wte ce:dim=-1", 6),

    # Weights of all positions that add up to 1.
    "softmax_positions": ("in@x:13x7 linear@values:20 tanh@v from:x linear:20 softmax:1 mul:v sum:1 linear:3 ce", 5),
    "softmax_lengths": ("in@tokens:13,int,upto emb@e:30,16 linear@values:20 tanh@v from:e linear:20 softmax:1 mul:v sum:1 linear:3 ce", 6),
}
