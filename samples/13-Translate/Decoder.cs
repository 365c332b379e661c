namespace NetGen.Samples;

/// <summary>What became of a text.</summary>
/// <param name="Date">The date that was written.</param>
/// <param name="Attention">For each of its characters how much each of the text's counted; they add up to 1.</param>
internal sealed record Translation(string Date, float[][] Attention);

/// <summary>
/// Writes dates, many together: of each the character with the largest score is written, and is what the next one goes on from.
/// </summary>
internal sealed class Decoder(DateTranslator net, SessionOptions options) : IDisposable
{
    private const int Batch = 250;

    private readonly DateTranslator.Session _session = net.CreateSession(Batch, options);
    private readonly int[] _written = new int[Batch * IsoDate.Length], _lengths = new int[Batch];
    private readonly float[] _scores = new float[Batch * DateTranslator.NextSize];
    private readonly float[] _attention = new float[Batch * DateTranslator.AttentionSize];

    /// <summary>Translates the numbers of texts' characters.</summary>
    public IEnumerable<Translation> Translate(IEnumerable<int[]> texts) => texts.Chunk(Batch).SelectMany(TranslateBatch);

    public void Dispose() => _session.Dispose();

    private Translation[] TranslateBatch(int[][] texts)
    {
        int[] characters = [.. texts.SelectMany(text => text)], results = new int[texts.Length * IsoDate.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            _lengths[i] = texts[i].Length;
            _written[i * IsoDate.Length] = IsoDate.Start;
        }

        for (int position = 0; position < IsoDate.Length; position++)
        {
            // What stands behind the position is of an earlier batch, and of no effect: a decoder does not look ahead.
            _session.Forward(characters, _lengths.AsSpan(0, texts.Length), _written.AsSpan(0, results.Length),
                _scores.AsSpan(0, texts.Length * DateTranslator.NextSize),
                _attention.AsSpan(0, texts.Length * DateTranslator.AttentionSize));
            for (int i = 0; i < texts.Length; i++)
            {
                int at = i * IsoDate.Length + position;
                results[at] = ClassMetric.ArgMax(_scores.AsSpan(at * IsoDate.Characters, IsoDate.Characters));
                if (position + 1 < IsoDate.Length)
                {
                    _written[at + 1] = results[at];
                }
            }
        }

        return [.. texts.Select((text, i) => new Translation(
            IsoDate.Decode(results.AsSpan(i * IsoDate.Length, IsoDate.Length)),
            [.. Enumerable.Range(i * IsoDate.Length, IsoDate.Length).Select(row => Row(row, text.Length))]))];
    }

    /// <summary>Rows have room for the longest text.</summary>
    private float[] Row(int row, int length) => _attention.AsSpan(row * WrittenDate.Most, length).ToArray();
}
