namespace NetGen;

/// <summary>
/// What training goes on from besides parameters: a scheduler, or a random generator of yours. A <see cref="Checkpoint"/> keeps it.
/// </summary>
public interface IStateful
{
    /// <summary>All that is needed to go on later with the same bits: names and invariant texts.</summary>
    IReadOnlyDictionary<string, string> GetState();

    /// <summary>Goes on from a state that <see cref="GetState"/> gave.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ArgumentException">The state does not fit; nothing is changed.</exception>
    void Restore(IReadOnlyDictionary<string, string> state);
}
