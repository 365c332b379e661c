using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>Causal networks that are drawn, the same ones each time: what rows picked by hand would not put behind one another.</summary>
internal sealed class RandomStreams
{
    private const int Count = 16;

    // No number of positions is one of features, so that rows and columns are told apart.
    private static readonly int[] s_positions = [5, 19, 37, 43], s_features = [1, 3, 8, 16, 17, 24, 33, 48];

    private static readonly string[] s_activations = ["relu", "tanh", "gelu", "silu", "sigmoid"];

    private readonly List<string> _words = [];
    private readonly int _seed;
    private uint _drawn;
    private int _features, _names;

    private RandomStreams(int seed) => _seed = seed;

    public static IEnumerable<string> Texts => Enumerable.Range(0, Count).Select(seed => new RandomStreams(seed).Draw());

    private string Draw()
    {
        int positions = Of(s_positions);
        _features = Of(s_features);
        _words.Add(Below(3) == 0 ? Text($"in@t:{positions},int emb:11,{_features}") : Text($"in:{positions}x{_features}"));
        for (int layers = 3 + Below(4); layers > 0; layers--)
            DrawLayer();
        if (Below(4) == 0)
            _words.Add("select:1,-1 linear:3");
        return string.Join(' ', _words);
    }

    private void DrawLayer()
    {
        switch (Below(9))
        {
            case 0:
                _words.Add(Text($"linear:{_features = Of(s_features)} {Of(s_activations)}"));
                break;
            case 1:
                _words.Add(Text($"lstm:{_features = Of(s_features)}"));
                break;
            case 2:
                _words.Add(Text($"gru:{_features = Of(s_features)},l{1 + Below(2)}"));
                break;
            case 3:
                _words.Add(Text($"res[ layernorm:{_features} rnn:{_features} ]"));
                break;
            case 4:
                _words.Add(Text($"res[ rmsnorm:{_features} linear:{Of(s_features)} {Of(s_activations)} linear:{_features} ]"));
                break;
            case 5:
                DrawConvolution();
                break;
            case 6:
                _words.Add("sinusoids");
                break;
            default:
                DrawAttention();
                break;
        }
    }

    private void DrawConvolution()
    {
        int channels = Of(s_features), groups = channels == _features && Below(2) == 0 ? channels : 1;
        string grouped = groups > 1 ? Text($",g{groups}") : "";
        _words.Add(Text($"transpose:1,2 conv:{channels},k{1 + Below(5)},d{1 + Below(7)},causal{grouped} {Of(s_activations)} transpose:1,2"));
        _features = channels;
    }

    private void DrawAttention()
    {
        int name = ++_names, shared = 1 + Below(3), heads = shared * (1 + Below(3)), size = 2 * (1 + Below(20)), value = 1 + Below(40);
        bool rotates = Below(2) == 0;
        string query = Projected("q", heads), key = Projected("k", shared);
        string options = (Below(3) == 0 ? Text($",window{1 + Below(20)}") : "") + (Below(3) == 0 ? ",alibi" : "");
        _words.Add(Text($"linear@x{name}:{_features} {query} from:x{name} {key} from:x{name} linear:{shared * value}"));
        _words.Add(Text($"attention:q{name},k{name},heads{heads},kv{shared},causal{options} linear:{_features}"));

        string Projected(string letter, int count) => rotates
            ? Text($"linear:{count * size} rotary@{letter}{name}:heads{count}") : Text($"linear@{letter}{name}:{count * size}");
    }

    private T Of<T>(T[] all) => all[Below(all.Length)];

    private int Below(int limit) => (int)(Numbers.Hash(_seed, _drawn++) % (uint)limit);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
