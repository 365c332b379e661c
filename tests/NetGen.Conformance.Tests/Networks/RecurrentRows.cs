namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Rows of <see cref="NetworkTable"/>: recurrent layers with fewer units than a vector has lanes, as many and more, over one to forty
/// positions. The batches are smaller and larger than the blocks of samples that go through the steps together.
/// </summary>
internal static class RecurrentRows
{
    public static IReadOnlyList<string> Recurrent =>
    [
        // One layer.
        "in:5x7 lstm:9", "in:6x16 lstm:16 mse", "in:7x3 lstm:33 linear:4 mse", "in:1x5 lstm:8 l1", "in:40x4 lstm:20 mse",
        "in:3x40 lstm:1 linear:3 mse", "in:4x1 lstm:48,nobias mse", "in:2x17 lstm:130 mse",
        "in:5x7 gru:9", "in:6x16 gru:16 mse", "in:7x3 gru:33 linear:4 mse", "in:1x5 gru:8 l1", "in:40x4 gru:20 mse",
        "in:3x40 gru:1 linear:3 mse", "in:4x1 gru:48,nobias mse", "in:2x17 gru:130 mse",
        "in:5x7 rnn:9", "in:6x16 rnn:16 mse", "in:7x3 rnn:33 linear:4 mse", "in:1x5 rnn:8 l1", "in:40x4 rnn:20 mse",
        "in:3x40 rnn:1 linear:3 mse", "in:4x1 rnn:48,nobias mse", "in:2x17 rnn:130 mse",
        "in:5x7 rnn:9,relu", "in:6x16 rnn:16,relu mse", "in:7x3 rnn:33,relu linear:4 mse", "in:12x4 rnn:20,relu,nobias mse",
        // Both directions, several layers.
        "in:5x7 lstm:9,bi mse", "in:6x5 lstm:16,bi linear:3 mse", "in:1x5 lstm:20,bi mse", "in:5x7 gru:9,bi mse",
        "in:6x5 gru:16,bi linear:3 mse",
        "in:5x7 rnn:9,bi mse", "in:6x5 rnn:17,bi,relu linear:3 mse", "in:5x7 lstm:9,l2 mse", "in:4x7 gru:18,l3 mse",
        "in:5x16 rnn:16,l4 mse",
        "in:5x6 lstm:12,l2,bi mse", "in:4x6 gru:16,l2,bi,nobias mse", "in:3x6 rnn:20,l3,bi mse",
        // The states and cell states behind the last step, with and without the others.
        "in:5x7 lstm@l:9 from:l.h linear:3 ce", "in:5x7 lstm@l:20 from:l.c linear:3 ce", "in:6x7 lstm@l:16,bi from:l.h flatten linear:3 ce",
        "in:5x7 lstm@l:9,l2,bi from:l.c flatten linear:3 ce",
        "in:5x7 lstm@l:9,l2 out:y from:l.h out:h from:l.c out:c mse:of=y l1:of=h mse:of=c",
        "in:5x7 lstm@l:18 mean:1 add:l.h mul:l.c linear:3 ce", "in:1x7 lstm@l:17 from:l.h add:l.c linear:3 ce",
        "in:5x7 gru@l:9 from:l.h linear:3 ce", "in:6x7 gru@l:16,l2,bi from:l.h flatten linear:3 ce",
        "in:5x7 gru@l:20 out:y from:l.h out:h mse:of=y mse:of=h",
        "in:5x7 rnn@l:9 from:l.h linear:3 ce", "in:5x7 rnn@l:17,bi from:l.h mean:1 linear:3 mse",
        "in:5x7 lstm@l:9 out:y from:l.c out:c l1:of=c",
        // States that are products of the units: fewer and more than a vector has lanes, one of one, of one and both directions.
        "in:5x7 lstm:9,proj4", "in:6x16 lstm:32,proj16 mse", "in:7x3 lstm:40,proj33 linear:4 mse", "in:1x5 lstm:20,proj3 l1",
        "in:40x4 lstm:20,proj19,nobias mse", "in:3x40 lstm:2,proj1 linear:3 mse", "in:2x17 lstm:130,proj48 mse",
        "in:5x7 lstm:18,bi,proj5 mse", "in:4x6 lstm:33,l2,bi,proj17 linear:3 mse", "in:5x6 lstm:12,l3,proj7,nobias mse",
        "in:5x7 lstm@l:20,proj6 from:l.h linear:3 ce", "in:5x7 lstm@l:20,proj6 from:l.c linear:3 ce",
        "in:5x7 lstm@l:18,l2,bi,proj5 out:y from:l.h out:h from:l.c out:c mse:of=y l1:of=h mse:of=c",
        "in@a:7x6 lstm@e:12,proj5 in@b:5x4 lstm:12,proj5,initial=e.h,cell=e.c linear:3 out:y mse:of=y",
        "in@a:9x4 lstm@e:24,l2,bi,proj18 in@b:5x4 lstm@d:24,l2,bi,proj18,initial=e.h,cell=e.c from:d.c flatten linear:3 out:y mse:of=y",
        "in@h:17 in@x:8x5 lstm:20,proj17,initial=h out:y mse:of=y", "in@c:20 in@x:8x5 lstm:20,proj3,cell=c select:1,-1 out:y mse:of=y",
        "in:5x7 linear:8 lstm:20,proj9,frozen linear:3 mse", "in:5x9 lstm@a:20,proj9 lstm:20,proj9,&a mse",
        // From states that are given: by an encoder, by layers, to both directions and several layers.
        "in@a:7x6 lstm@e:12 in@b:5x4 lstm:12,initial=e.h,cell=e.c linear:3 out:y mse:of=y",
        "in@a:7x6 gru@e:20 in@b:5x4 gru@d:20,initial=e.h from:d.h linear:3 out:y ce:of=y",
        "in@a:9 linear@h:17 tanh@s in@b:6x5 rnn:17,initial=s out:y mse:of=y", "in@a:9 linear@c:16 in@b:1x5 lstm:16,cell=c out:y l1:of=y",
        "in@a:9x4 lstm@e:10,l2,bi in@b:5x4 lstm@d:10,l2,bi,initial=e.h,cell=e.c from:d.c flatten linear:3 out:y mse:of=y",
        "in@a:9x4 gru@e:16,bi in@b:5x4 gru:16,bi,nobias,initial=e.h linear:3 out:y mse:of=y",
        "in@h:2x9 in@x:8x5 rnn:9,l2,relu,initial=h out:y mse:of=y", "in@h:18 in@x:8x5 gru:18,initial=h select:1,-1 out:y mse:of=y",
        // Behind and before other layers.
        "in:9x12 conv:7,k3 relu transpose:1,2 lstm:10 select:1,-1 linear:3 ce",
        "in:12x10 linear:20 layernorm:20 gru:20 layernorm:20 mean:1 linear:2 ce",
        "in:7x10 lstm:10 add:input gru:10 relu linear:4 mse", "in:7x10 res[ lstm:10 ] res[ gru:10 ] mean:1 linear:3 ce",
        "in:48 unflatten:1,6x8 lstm:11 flatten linear:3 ce", "in:6x8 gru:12 transpose:1,2 lstm:5 mse",
        "in:4x8 rnn:8 rnn:8 rnn:8 linear:2 mse",
        "in:5x16 lstm:16 lstm:16 lstm:16 mean:1 linear:2 ce", "in:6x8 lstm:12 slice:1,1,4 gru:6 maxof:1 mse",
        // Frozen, shared; two sequences through one layer.
        "in:5x7 linear:8 lstm:9,frozen linear:3 mse", "in:5x7 gru:9,frozen gru:6 mse", "in:5x7 rnn:9,frozen,bi linear:3 mse",
        "in:5x8 lstm@a:8 lstm:8,&a mse", "in:5x8 gru@a:8,bi linear:8 gru:8,bi,&a mse",
        "in@a:5x7 lstm@l:9 from:l.h out:x in@b:3x7 lstm@m:9,&l from:m.h out:y mse:of=x l1:of=y",
    ];
}
