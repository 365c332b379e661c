using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Declared;

/// <summary>Two towers, each of an input and an output of its own.</summary>
[Network]
[Input("image", 3, 8, 8), Conv2d(16, 3, Padding = 1), ReLU, Conv2d(16, 3, Padding = 1), ReLU, Flatten, Linear(7), Output("image_embeds")]
[Input("text", 9), Linear(16), ReLU, Linear(7), Output("text_embeds")]
internal sealed partial class TwoTowers;

/// <summary>A trunk with two heads and an output on the way; the last needs everything but the other head.</summary>
[Network(4, 6, 6)]
[Conv2d(16, 3, Padding = 1), ReLU, Conv2d(16, 3, Padding = 1), ReLU(Name = "trunk"), Conv2d(1, 1), Output("mask")]
[From("trunk"), Flatten, Linear(16), Tanh, Output("features"), Linear(4), Output("kind")]
internal sealed partial class Heads;

/// <summary>The second output needs all that there is, so that it is only to be had by Forward.</summary>
[Network(6)]
[Linear(5), Tanh, Output("code"), Input("noise", 5), Add("code"), Linear(6), Output("restored")]
internal sealed partial class Noisy;

/// <summary>One of several outputs alone: which methods there are, what they take, and that they give Forward's bits.</summary>
public sealed class PartialForwardTests
{
    [Fact]
    public void Outputs_that_need_less_can_be_had_alone()
    {
        Assert.Equal(["ForwardImageEmbeds(image, imageEmbeds)", "ForwardTextEmbeds(text, textEmbeds)"], Methods<TwoTowers.Session>());
        Assert.Equal(["ForwardMask(input, mask)", "ForwardFeatures(input, features)", "ForwardKind(input, kind)"], Methods<Heads.Session>());
        Assert.Equal(["ForwardCode(input, code)"], Methods<Noisy.Session>());
        Assert.Empty(Methods<SharedTowers.Session>());
    }

    [Theory, InlineData(1, 1), InlineData(1, 2), InlineData(3, 2), InlineData(17, 3)]
    public void They_give_the_bits_of_a_whole_pass(int samples, int threads)
    {
        var options = new SessionOptions { Threads = threads };
        float[] image = Numbers.Uniform(1, samples * TwoTowers.ImageSize), text = Numbers.Uniform(2, samples * TwoTowers.TextSize);
        using TwoTowers.Session towers = new TwoTowers(seed: 1).CreateSession(samples, options);
        float[] images = new float[samples * 7], texts = new float[samples * 7], alone = new float[samples * 7];
        // Before any whole pass, and behind one.
        towers.ForwardTextEmbeds(text, alone);
        towers.Forward(image, text, images, texts);
        Assert.Equal(texts, alone);
        towers.ForwardImageEmbeds(image, alone);
        Assert.Equal(images, alone);

        using Heads.Session heads = new Heads(seed: 2).CreateSession(samples, options);
        float[] input = Numbers.Uniform(3, samples * Heads.InputSize);
        float[] mask = new float[samples * Heads.MaskSize], features = new float[samples * 16], kind = new float[samples * 4];
        heads.Forward(input, mask, features, kind);
        float[] aloneMask = new float[mask.Length], aloneFeatures = new float[features.Length], aloneKind = new float[kind.Length];
        heads.ForwardKind(input, aloneKind);
        heads.ForwardMask(input, aloneMask);
        heads.ForwardFeatures(input, aloneFeatures);
        Assert.Equal(mask, aloneMask);
        Assert.Equal(features, aloneFeatures);
        Assert.Equal(kind, aloneKind);
    }

    [Fact]
    public void Lengths_are_checked_and_nothing_is_allocated()
    {
        using TwoTowers.Session session = new TwoTowers().CreateSession(2);
        float[] image = new float[2 * TwoTowers.ImageSize], embeds = new float[2 * 7];
        Assert.Contains("image", Assert.Throws<ArgumentException>(() => session.ForwardImageEmbeds(image.AsSpan(1), embeds)).Message,
            StringComparison.Ordinal);
        Assert.Contains("imageEmbeds", Assert.Throws<ArgumentException>(() => session.ForwardImageEmbeds(image, embeds.AsSpan(1))).Message,
            StringComparison.Ordinal);
        session.ForwardImageEmbeds(image, embeds);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.ForwardImageEmbeds(image, embeds);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.ForwardImageEmbeds(image, embeds));
    }

    private static IEnumerable<string> Methods<T>() => typeof(T).GetMethods()
        .Where(method => method.Name.StartsWith("Forward", StringComparison.Ordinal) && method.Name != "Forward")
        .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.Name))})");
}
