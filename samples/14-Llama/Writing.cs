using System.Diagnostics;
using System.Globalization;

namespace NetGen.Samples.Language;

/// <summary>Writes a text behind a prompt.</summary>
internal static class Writing
{
    /// <summary>
    /// Writes to the console as the tokens come. A stream takes no more tokens than the network's length: where it is full, the last half
    /// of them becomes the prompt of the next part.
    /// </summary>
    public static void Run(Llama net, Tokens tokens, Options options)
    {
        using Llama.Stream stream = net.CreateStream();
        var generator = new TokenGenerator(stream, new GenerationOptions
        {
            Temperature = options.Temperature,
            TopK = options.TopK,
            TopP = options.TopP,
            RepetitionPenalty = options.RepetitionPenalty,
            Seed = options.Seed,
        });
        List<int> text = [.. tokens.Encode(options.Prompt)];
        var pieces = new TextPieces(tokens);
        Console.WriteLine();
        Console.Write(options.Prompt);
        ulong part = 0;
        long start = Stopwatch.GetTimestamp();
        for (int count = 0; count < options.NewTokens; part++)
        {
            // Of a long prompt the end; each part with a seed of its own.
            int most = part == 0 ? Llama.Length : Llama.Length / 2;
            generator.Begin([.. text.TakeLast(most)], options.Seed + part);
            for (; count < options.NewTokens && generator.TryNext(out int token); count++)
            {
                text.Add(token);
                Console.Out.Write(pieces.Add(token));
            }
        }
        Console.Out.Write(pieces.End());
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n\n{options.NewTokens} tokens in {seconds:F2} s, {options.NewTokens / seconds:N0} tokens/s"));
    }
}
