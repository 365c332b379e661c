namespace NetGen;

/// <summary>
/// A stream that takes one token at each step and gives numbers for each token that may come next. The generated <c>Stream</c> class of a
/// network with <c>[Stream]</c> is one where the network has one input of ints, one for each position, and one output.
/// <see cref="TokenGenerator"/> writes with any of them.
/// </summary>
/// <remarks>A stream serves one caller at a time; a call while another is inside is refused before anything happens.</remarks>
public interface ITokenStream : IDisposable
{
    /// <summary>How many tokens the network knows: a step takes one from 0 to <c>TokenCount</c> − 1.</summary>
    int TokenCount { get; }

    /// <summary>Values of the output of one step: of a language model the logits, one for each token that may come next.</summary>
    int OutputSize { get; }

    /// <summary>Steps taken since the beginning or the last <see cref="Reset"/>.</summary>
    long Position { get; }

    /// <summary>The most steps that the stream can take; null where that has no limit.</summary>
    int? Capacity { get; }

    /// <summary>Takes the next tokens, one or several, and gives the output of each.</summary>
    /// <param name="tokens">n tokens, n from 1 on.</param>
    /// <param name="output">Receives n × <see cref="OutputSize"/> values.</param>
    /// <exception cref="ArgumentException">A length is wrong; nothing was done.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside of 0 to <see cref="TokenCount"/> − 1; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">
    /// The tokens are more than the stream can still take, or another call is inside; nothing was done.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    void Step(ReadOnlySpan<int> tokens, Span<float> output);

    /// <summary>Takes several tokens at once, such as those of a prompt, and gives the output of the last.</summary>
    /// <param name="tokens">n tokens, n from 1 on.</param>
    /// <param name="output">Receives <see cref="OutputSize"/> values.</param>
    /// <exception cref="ArgumentException">A length is wrong; nothing was done.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside of 0 to <see cref="TokenCount"/> − 1; nothing was done.</exception>
    /// <exception cref="InvalidOperationException">
    /// The tokens are more than the stream can still take, or another call is inside; nothing was done.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    void Prefill(ReadOnlySpan<int> tokens, Span<float> output);

    /// <summary>Forgets all steps: the next is the first of a sequence.</summary>
    /// <exception cref="InvalidOperationException">Another call is inside; nothing was done.</exception>
    /// <exception cref="ObjectDisposedException">The stream is disposed.</exception>
    void Reset();
}
