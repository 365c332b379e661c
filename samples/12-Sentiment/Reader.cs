namespace NetGen.Samples;

/// <summary>One way to judge sentences.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Title">What it is.</param>
/// <param name="IsPadded">It takes sentences of one length.</param>
/// <param name="Create">A new network.</param>
internal sealed record Reader(string Name, string Title, bool IsPadded, Func<ulong, INetwork> Create)
{
    /// <summary>All of them, the one to compare with first.</summary>
    public static IReadOnlyList<Reader> All { get; } =
    [
        new("bag", "Bag of words", IsPadded: false, seed => new BagOfWords(seed)),
        new("textcnn", "TextCNN", IsPadded: true, seed => new TextCnn(seed)),
        new("lstm", "LSTM", IsPadded: false, seed => new LstmReader(seed)),
        new("encoder", "Transformer encoder", IsPadded: false, seed => new EncoderReader(seed)),
    ];

    /// <summary>A file of its own beside the one that the command line names.</summary>
    public string PathFor(string path) => Path.ChangeExtension(path, $".{Name}{Path.GetExtension(path)}");

    /// <summary>How likely it is that a sentence is positive.</summary>
    /// <param name="session">A session of its network.</param>
    /// <param name="tokens">The sentence.</param>
    public double Judge(ISession session, int[] tokens)
    {
        int[] given = tokens;
        if (IsPadded)
        {
            given = new int[Sentences.Most];
            tokens.CopyTo(given, 0);
        }

        var scores = new float[2];
        Batch batch = IsPadded ? new Batch(1, [given], default) : new Batch(1, [given, new[] { tokens.Length }], default);
        session.Forward(batch, [scores]);
        return 1 / (1 + Math.Exp((double)scores[0] - scores[1]));
    }
}
