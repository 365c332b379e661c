using System.Diagnostics.Metrics;
using NetGen.Samples.Serve;
using NetGen.Serving;

namespace NetGen.Serve.Tests.Serving;

/// <summary>Batches give what single calls give, for networks of every kind of port, and a request that does not fit is refused.</summary>
public sealed class ResultTests
{
    [Fact]
    public async Task Batched_images_have_the_bits_of_single_ones()
    {
        DigitNet network = DigitNet.Load(RunningServer.Model);
        using DigitNet.Session session = network.CreateSession();
        float[][] images = [.. Enumerable.Range(0, 10).Select(digit => Array.ConvertAll(Drawing.Digit(digit), b => b / 255f))];
        float[][] expected = [.. images.Select(image =>
        {
            var logits = new float[10];
            session.Forward(image, logits);
            return logits;
        })];
        int largest = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "netgen.serving.batch.size")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, samples, tags, _) =>
        {
            if (tags[0].Value is nameof(DigitNet))
                InterlockedMax(ref largest, samples);
        });
        listener.Start();
        await using var predictor = new Predictor<DigitNet>(network, new() { Workers = 1 });
        for (int round = 0; round < 5; round++)
        {
            Task<float[]>[] requests = [.. Enumerable.Range(0, 64).Select(i => predictor.PredictAsync(images[i % 10]).AsTask())];
            float[][] answers = await Task.WhenAll(requests);
            for (int i = 0; i < 64; i++)
                Assert.Equal(expected[i % 10], answers[i]);
        }
        Assert.InRange(largest, 8, 32);
    }

    [Fact]
    public async Task A_sample_that_is_not_a_number_stays_alone()
    {
        DigitNet network = DigitNet.Load(RunningServer.Model);
        await using var predictor = new Predictor<DigitNet>(network, new() { Workers = 1 });
        float[] image = Array.ConvertAll(Drawing.Digit(4), b => b / 255f), bad = new float[DigitNet.InputSize];
        Array.Fill(bad, float.NaN);
        float[] expected = await predictor.PredictAsync(image);
        Task<float[]>[] requests = [.. Enumerable.Range(0, 32).Select(i => predictor.PredictAsync(i % 5 == 2 ? bad : image).AsTask())];
        float[][] answers = await Task.WhenAll(requests);
        for (int i = 0; i < 32; i++)
        {
            if (i % 5 == 2)
                Assert.All(answers[i], x => Assert.True(float.IsNaN(x)));
            else
                Assert.Equal(expected, answers[i]);
        }
    }

    [Fact]
    public async Task Several_inputs_and_outputs_are_batched()
    {
        var network = new PairNet(seed: 3);
        using ISession session = ((INetwork)network).CreateSession(4);
        await using var predictor = new Predictor<PairNet>(network, new() { Workers = 1, MaxBatch = 16 });
        var random = new Random(5);
        Task[] requests = [.. Enumerable.Range(0, 200).Select(i =>
        {
            int samples = 1 + i % 4;
            BatchValues[] inputs = [Floats(36 * samples), Ints(3 * samples, 20)];
            Memory<float>[] expected = [new float[3 * samples], new float[2 * samples]], outputs =
                [new float[3 * samples], new float[2 * samples]];
            session.Forward(new Batch(samples, inputs, default(ReadOnlySpan<BatchValues>)), expected);
            ValueTask task = predictor.ForwardAsync(inputs, outputs);
            return Check(task, expected, outputs);
        })];
        await Task.WhenAll(requests);

        static async Task Check(ValueTask task, Memory<float>[] expected, Memory<float>[] outputs)
        {
            await task;
            Assert.Equal(expected[0].ToArray(), outputs[0].ToArray(), Near);
            Assert.Equal(expected[1].ToArray(), outputs[1].ToArray(), Near);
            Assert.Contains(outputs[1].ToArray(), x => x != 0);
        }

        float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        int[] Ints(int count, int rows) => [.. Enumerable.Range(0, count).Select(_ => random.Next(rows))];
    }

    [Fact]
    public async Task Samples_of_lengths_of_their_own_are_batched()
    {
        var network = new TextNet(seed: 3);
        using TextNet.Session session = network.CreateSession(2);
        await using var predictor = new Predictor<TextNet>(network, new() { Workers = 1, MaxBatch = 8 });
        var random = new Random(5);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
        {
            int[] lengths = [.. Enumerable.Range(0, 1 + i % 2).Select(_ => random.Next(1, 10))];
            int[] tokens = [.. Enumerable.Range(0, lengths.Sum()).Select(_ => random.Next(30))];
            float[] expected = new float[2 * tokens.Length], output = new float[2 * tokens.Length];
            session.Forward(tokens, lengths, expected);
            return Check(predictor.ForwardAsync([tokens, lengths], [output]), expected, output);
        }).ToArray());

        static async Task Check(ValueTask task, float[] expected, float[] output)
        {
            await task;
            Assert.Equal(expected, output, Near);
        }
    }

    [Fact]
    public async Task Ints_alone_are_batched()
    {
        var network = new WordNet(seed: 3);
        using WordNet.Session session = network.CreateSession();
        await using var predictor = new Predictor<WordNet>(network);
        int[][] words = [.. Enumerable.Range(0, 16).Select(i => Enumerable.Range(i, 4).ToArray())];
        float[][] answers = await Task.WhenAll(words.Select(four => predictor.PredictAsync(four).AsTask()));
        for (int i = 0; i < words.Length; i++)
        {
            var expected = new float[3];
            session.Forward(words[i], expected);
            Assert.Equal(expected, answers[i], Near);
        }
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_what_was_expected()
    {
        await using var pair = new Predictor<PairNet>(new PairNet(), new() { MaxBatch = 2 });
        BatchValues image = new float[36], words = new int[] { 1, 2, 3 };
        Memory<float>[] outputs = [new float[3], new float[2]];
        Refused("PairNet: expected 2 inputs, 'image (1, 6, 6)', 'words of ints (3)'; got 1. (Parameter 'inputs')", [image], outputs);
        Refused("PairNet: expected 2 outputs, 'kind (3)', 'box (2)'; got 1. (Parameter 'outputs')", [image, words], [new float[3]]);
        Refused("PairNet: expected floats for the input 'image (1, 6, 6)'; got ints. (Parameter 'inputs')", [words, image], outputs);
        Refused("PairNet: expected 1 to 2 samples of 36 values for the input 'image (1, 6, 6)'; got 35 values. (Parameter 'inputs')",
            [new float[35], words], outputs);
        Refused("PairNet: expected 1 to 2 samples of 36 values for the input 'image (1, 6, 6)'; got 3 samples. (Parameter 'inputs')",
            [new float[108], words], outputs);
        Refused("PairNet: expected 3 values for the input 'words of ints (3)' of 1 sample; got 6. (Parameter 'inputs')",
            [image, new int[6]], outputs);
        Refused("PairNet: expected numbers from 0 to 19, rows of the table that the input 'words of ints (3)' is looked up in; "
            + "got 20 at position 1. (Parameter 'inputs')", [image, new[] { 1, 20, 3 }], outputs);
        Refused("PairNet: expected 2 values for the output 'box (2)' of 1 sample; got 4. (Parameter 'outputs')",
            [image, words], [new float[3], new float[4]]);

        await using var text = new Predictor<TextNet>(new TextNet());
        string lengths = text.Ports.Inputs[0].Lengths!;
        Assert.Equal($"TextNet: expected lengths from 1 to 9 in '{lengths}', as the input 'tokens of ints (up to 9)' has; got 10 for "
            + "sample 1. (Parameter 'inputs')", Assert.Throws<ArgumentException>(
                () => { _ = text.ForwardAsync([new int[12], new[] { 2, 10 }], [new float[24]]); }).Message);
        Assert.Equal("TextNet: expected 5 values for the input 'tokens of ints (up to 9)' of 2 samples; got 4. (Parameter 'inputs')",
            Assert.Throws<ArgumentException>(() => { _ = text.ForwardAsync([new int[4], new[] { 2, 3 }], [new float[10]]); }).Message);

        void Refused(string message, BatchValues[] inputs, Memory<float>[] outputs)
            => Assert.Equal(message, Assert.Throws<ArgumentException>(() => { _ = pair.ForwardAsync(inputs, outputs); }).Message);
    }

    // A sample may lie in other lanes among others, which changes the order of a sum.
    private static bool Near(float expected, float actual) => MathF.Abs(expected - actual) <= 1e-5f * (1 + MathF.Abs(expected));

    private static void InterlockedMax(ref int largest, int value)
    {
        int seen = Volatile.Read(ref largest);
        while (value > seen && Interlocked.CompareExchange(ref largest, value, seen) != seen)
            seen = Volatile.Read(ref largest);
    }
}
