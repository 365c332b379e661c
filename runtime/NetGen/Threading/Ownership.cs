using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <summary>
/// Keeps an object that serves one caller at a time to one caller at a time. Every public call takes the ownership before it does anything
/// and gives it back at its end; who comes meanwhile is refused. Disposing of the object while a call is inside does not wait for
/// it: the object is closed at once, and its memory is freed when that call leaves.
/// </summary>
/// <remarks>
/// Taking it costs one interlocked operation, giving it back none: what the two need of each other, <see cref="Dispose"/> pays.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class Ownership
{
    /// <summary>What to do where a session is refused.</summary>
    public const string SessionRemedy = "A session serves one caller at a time: give each thread a session of its own from "
        + "CreateSession (they share the network's parameters), or take turns with a lock.";

    /// <summary>What to do where a trainer is refused.</summary>
    public const string TrainerRemedy = "A trainer serves one caller at a time: call it from one thread (it divides the work among "
        + "threads itself, see TrainerOptions.Threads), or take turns with a lock.";

    private const int Free = 0, Taken = 1, Gone = 2;

    private readonly IOwned _owned;
    private readonly string _remedy;
    private int _state;
    private int _disposed;

    /// <summary>The ownership of an object that nobody uses yet.</summary>
    /// <param name="owned">The object.</param>
    /// <param name="remedy">A sentence for callers that are refused: what they can do instead.</param>
    public Ownership(IOwned owned, string remedy)
    {
        ArgumentNullException.ThrowIfNull(owned);
        ArgumentException.ThrowIfNullOrEmpty(remedy);
        _owned = owned;
        _remedy = remedy;
    }

    /// <summary>Whether the object was disposed of; a call may still be inside.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Takes the object for one call.</summary>
    /// <returns>To be disposed of when the call is over.</returns>
    /// <exception cref="InvalidOperationException">
    /// Another call is inside, of another thread or of this one; nothing was changed.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Lease Take()
    {
        if (Interlocked.CompareExchange(ref _state, Taken, Free) != Free)
            ThrowTaken();
        if (Volatile.Read(ref _disposed) != 0)
            ThrowDisposedWithin();
        return new Lease(this);
    }

    /// <summary>
    /// Closes the object, and frees it when no call is inside, or leaves that to the call that is. Calling it again does nothing.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        // A caller that leaves writes the state and then reads whether the object is disposed of, without a fence in between. With this one
        // on all processors, either its write is visible here or it will read what was written above.
        Interlocked.MemoryBarrierProcessWide();
        FreeIfNobodyIsInside();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Return()
    {
        Volatile.Write(ref _state, Free);
        if (Volatile.Read(ref _disposed) != 0)
            FreeIfNobodyIsInside();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeIfNobodyIsInside()
    {
        if (Interlocked.CompareExchange(ref _state, Gone, Free) == Free)
            _owned.Free();
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowTaken()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, _owned);
        throw new InvalidOperationException($"{_owned.GetType().FullName?.Replace('+', '.')} is already in use by another call, and "
            + $"nothing was done. {_remedy}");
    }

    [DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowDisposedWithin()
    {
        Return();
        throw new ObjectDisposedException(_owned.GetType().FullName);
    }

    /// <summary>One call's hold on the object.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public readonly ref struct Lease
    {
        private readonly Ownership _ownership;

        internal Lease(Ownership ownership) => _ownership = ownership;

        /// <summary>Gives the object back.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _ownership.Return();
    }
}
